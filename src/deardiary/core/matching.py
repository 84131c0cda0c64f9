"""What conditions and orders mean: judged on a row, within the view of a diary that holds it."""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from attrs import frozen

from deardiary.core.conditions import (
    All,
    Among,
    AnyOf,
    Compare,
    Condition,
    Field,
    IsNan,
    IsNone,
    May,
    Measure,
    Not,
    Of,
    Param,
    Tagged,
    Term,
    only_id,
)
from deardiary.core.cursors import ABSENT, NO_NUMBER, NUMBER, WORD, Cursor, mark_number
from deardiary.core.declared import E, Entity, Kind, changed, facts, kind_named, large, lineage
from deardiary.core.entities import (
    Experiment,
    Iteration,
    Parameter,
    Project,
    Summary,
    Tag,
    Tagging,
    Text,
    User,
    UserPermission,
    Writer,
)
from deardiary.core.ledger import Kept, View, kept_rows, naming, read, row_key, with_unique
from deardiary.core.meaning import holds, is_nan, sort_of
from deardiary.core.queries import Order, Page, Query, check_query

# Conditions.


def matches(condition: Condition, row: Entity, view: View) -> bool:
    """Return whether a row meets a condition."""
    match condition:
        case Compare(term, operator, value):
            right = _other(value, view)
            return holds(_value(term, row, view, sort_of(right)), operator, right)
        case Among(term, values):
            return any(holds(_value(term, row, view, sort_of(value)), "==", value) for value in values)
        case IsNone(term):
            return _value(term, row, view, "text") is None
        case IsNan(term):
            return is_nan(_value(term, row, view, "number"))
        case Tagged(value):
            tag = with_unique(view, Tag, (value,))
            return with_unique(view, Tagging, (type(row).__name__, row.id, tag)) is not None
        case All(parts):
            return all(matches(part, row, view) for part in parts)
        case AnyOf(parts):
            return any(matches(part, row, view) for part in parts)
        case Not(part):
            return not matches(part, row, view)
        case May(user_id, action):
            return any(_may(user_id, action, project, view) for project in _projects(row, view))
        case _:
            raise TypeError(f"{condition!r} is no condition")


def _other(value: Any, view: View) -> Any:
    if not isinstance(value, Of):
        return value
    row = read(view, value.kind, value.id)
    return None if row is None else _field(value.term, row, view)


def _value(term: Term, row: Entity, view: View, sort: str) -> Any:
    match term:
        case Field():
            return _field(term, row, view)
        case Param(key):
            parameter = _parameter(key, row, view)
            return None if parameter is None else parameter_as(parameter, sort)
        case Measure(key, part):
            summary = _with(view, Summary, (row.id, key))
            return None if summary is None else getattr(summary, part)
        case _:
            assert_never(term)


def parameter_as(parameter: Parameter, sort: str) -> Any:
    """Return a parameter as one sort of value sees it, or none."""
    match sort:
        case "text":
            return parameter.value
        case "number":
            return parameter.number
        case "flag":
            return {"true": True, "false": False}.get(parameter.value) if parameter.type == "bool" else None
        case _:
            return None


def _field(term: Field, row: Entity, view: View) -> Any:
    owner: Entity | None = row
    if term.of:
        for name, kind in lineage(type(row))[term.of]:
            id = getattr(owner, name)
            owner = None if id is None else read(view, kind, id)
            if owner is None:
                return None
    return getattr(owner, term.name)


def _parameter(key: str, row: Entity, view: View) -> Parameter | None:
    return _with(view, Parameter, (row.id, key))


def _with(view: View, kind: type[E], values: tuple[object, ...]) -> E | None:
    id = with_unique(view, kind, values)
    return None if id is None else read(view, kind, id)


# Permissions.


def _projects(row: Entity, view: View) -> Iterator[int]:
    """Yield the projects in which a row lies, or for users, tags and writers appears."""
    match row:
        case Project(id=id):
            yield id
        case User(id=id):
            yield from (permission.project_id for permission in _naming(view, UserPermission, "user_id", id))
        case Tag(id=id):
            yield from (tagging.project_id for tagging in _naming(view, Tagging, "tag_id", id))
        case Writer(id=id):
            yield from (iteration.project_id for iteration in _naming(view, Iteration, "writer_id", id))
        case _:
            yield from _project_above(row, view)


def _project_above(row: Entity, view: View) -> Iterator[int]:
    way = lineage(type(row)).get("Project", ())
    owner: Entity | None = row
    for name, kind in way:
        id = getattr(owner, name)
        if kind is Project:
            yield id
            return
        owner = read(view, kind, id)
        if owner is None:
            return


def _naming(view: View, kind: type[E], field: str, id: int) -> Iterator[E]:
    fact = facts(kind)[field]
    for other in naming(view, kind, fact, id, kind_named(fact.names)):
        row = read(view, kind, other)
        assert row is not None
        yield row


def _may(user_id: int, action: str, project: int, view: View) -> bool:
    permission = _with(view, UserPermission, (user_id, project))
    return permission is not None and bool(getattr(permission, f"{action}_permission"))


def project_of(view: View, kind: Kind, id: int) -> int | None:
    """Return the project of a project, an experiment or a run, if it is there."""
    match read(view, kind, id):
        case Project(id=project) | Experiment(project_id=project) | Iteration(project_id=project):
            return project
        case _:
            return None


# Finding.


def candidates(view: View, kind: Kind, condition: Condition) -> Iterator[Kept]:
    """Yield by id the rows that a condition may meet, by a note where there is one."""
    for part in condition.parts if isinstance(condition, All) else (condition,):
        id = only_id(part)
        if id is not None:
            yield from _by_ids(view, kind, [id])
            return
        match part:
            case Compare(Field(name, ""), "==", int(other)) if facts(kind)[name].names not in ("", "*"):
                fact = facts(kind)[name]
                yield from _by_ids(view, kind, naming(view, kind, fact, other, kind_named(fact.names)))
                return
            case _:
                pass
    yield from kept_rows(view, kind)


def _by_ids(view: View, kind: Kind, ids: Iterable[int]) -> Iterator[Kept]:
    for id in ids:
        kept = view.get(row_key(kind, id))
        if isinstance(kept, Kept):
            yield kept


def meeting(view: View, kind: Kind, condition: Condition) -> Iterator[Kept]:
    """Yield by id the rows that meet a condition."""
    return (kept for kept in candidates(view, kind, condition) if matches(condition, kept.entity, view))


@frozen(eq=False, order=False)
class _Down:
    """A value that sorts the other way round."""

    value: Any

    def __lt__(self, other: "_Down") -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Down) and bool(other.value == self.value)


def order_key(order: tuple[Order, ...], row: Entity, view: View) -> tuple[Any, ...]:
    """Return what to sort a row by: for each term a rank and a value, and the id at last."""
    return sort_key(order, order_values(order, row, view))


def order_values(order: tuple[Order, ...], row: Entity, view: View) -> list[Any]:
    """Return the ranks and values of a row's terms, and its id, as a cursor keeps them."""
    return [part for one in order for part in _ranked(one.term, row, view)] + [row.id]


def sort_key(order: tuple[Order, ...], values: list[Any]) -> tuple[Any, ...]:
    """Return ranks and values as they compare."""
    key: list[Any] = []
    for number, one in enumerate(order):
        rank, value = values[2 * number : 2 * number + 2]
        key += [rank, _Down(value) if one.descending else value]
    return (*key, values[-1])


def _ranked(term: Term, row: Entity, view: View) -> tuple[int, Any]:
    value: Any
    if isinstance(term, Param):
        parameter = _parameter(term.key, row, view)
        if parameter is not None and parameter.number is None:
            return WORD, parameter.value
        value = None if parameter is None else parameter.number
    else:
        value = _value(term, row, view, "")
    if value is None:
        return ABSENT, 0
    return (NO_NUMBER, 0) if is_nan(value) else (NUMBER, value)


def page(query: Query[E], view: View) -> Page[E]:
    """Return the answer to a query."""
    check_query(query)
    mark = str(view.get("sequence/at") or 0)
    cursor = Cursor.read(query) if query.after is not None else None
    since = mark_number(query.changed_after)
    met = [kept.entity for kept in meeting(view, query.kind, query.where) if kept.mark > since]
    keyed = [(order_values(query.order, row, view), row) for row in met]
    keyed.sort(key=lambda pair: sort_key(query.order, pair[0]))
    if cursor is not None:
        start = sort_key(query.order, cursor.values)
        keyed = [pair for pair in keyed if sort_key(query.order, pair[0]) > start]
        mark = cursor.mark
    keyed = keyed[query.offset :]
    shown = keyed if query.limit is None else keyed[: query.limit]
    more = bool(shown) and len(shown) < len(keyed)
    return Page(
        [presented(row, view, fill=query.fills_large) for _, row in shown],  # type: ignore[misc]  # rows of the kind
        next=Cursor(mark=mark, values=shown[-1][0]).write(query) if more else None,
        total=len(met) if query.total else None,
        mark=mark,
    )


def presented(row: E, view: View, *, fill: bool) -> E:
    """Return a row as it is handed out: its large fields filled, or none."""
    values: dict[str, Any] = {}
    for name in large(type(row)):
        value = getattr(row, name)
        if not fill:
            values[name] = None
        elif facts(type(row))[name].shared and value:
            shared = _with(view, Text, (value,))
            values[name] = "" if shared is None else shared.text
    return changed(row, **values) if values else row

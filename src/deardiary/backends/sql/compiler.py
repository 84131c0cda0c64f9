"""From a shape to its text of SQL, by SQLAlchemy, with what the dialects say differently."""

from typing import Any, assert_never

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from deardiary.backends.sql.constructs import among, either, everything, like, no_number, numeric
from deardiary.backends.sql.dialects import DIALECTS
from deardiary.backends.sql.schema import tables
from deardiary.backends.sql.shaping import Shape, Slot, Statement
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
)
from deardiary.core.cursors import ABSENT, NO_NUMBER, NUMBER, WORD
from deardiary.core.declared import Kind, facts, kind_named, large, lineage, stored
from deardiary.core.entities import (
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
from deardiary.core.meaning import RELATIONS

Expression = ColumnElement[Any]


def compiled(shape: Shape, dialect: str) -> Statement:
    """Return the statement that asks what a shape asks."""
    made = _select(shape).compile(dialect=DIALECTS[dialect]())
    names = made.positiontup or []
    text = " ".join(str(made).split())
    return Statement(text, tuple(int(name.removeprefix("slot_").partition("__")[0]) for name in names))


def _slot(slot: Any, type: Any = None) -> Expression:
    assert isinstance(slot, Slot)
    return sa.bindparam(f"slot_{slot.number}", type_=type or _TYPES.get(slot.sort, sa.Text()))


_TYPES: dict[str, Any] = {
    "number": sa.BigInteger(),
    "time": sa.BigInteger(),
    "flag": sa.Boolean(),
}


# Selects.


def _select(shape: Shape) -> "sa.Select[Any]":
    kind, table = shape.kind, tables[shape.kind]
    conditions = [_there(kind, table), _met(shape.where, kind, table)]
    if shape.since is not None:
        conditions.append(table.c.mark > _slot(shape.since))
    joined = _Joined(table)
    ranked = [(_ranked(one.term, kind, joined), one.descending) for one in shape.order]
    if shape.after is not None:
        conditions.append(_beyond(ranked, shape.after, table))
    columns: list[Any]
    match shape.purpose:
        case "ids" | "one":
            columns = [table.c.id]
        case "least":
            columns = [sa.func.min(table.c.id)]
        case "count":
            columns = [sa.func.count()]
        case _:
            columns = [
                *_columns(kind, table, shape.fill),
                *(part for (rank, value, _), _ in ranked for part in (rank, value)),
            ]
    select = sa.select(*columns).select_from(joined.source).where(*(one for one in conditions if one is not None))
    if shape.purpose in ("ids", "rows"):
        select = select.order_by(*(part for one in ranked for part in _sorted(*one)), table.c.id)
    if shape.purpose == "one":
        return select.limit(_number(1)).offset(_number(0))
    if shape.limit is None and shape.offset is None:
        return select
    limit = everything() if shape.limit is None else _slot(shape.limit)
    return select.limit(limit).offset(_number(0) if shape.offset is None else _slot(shape.offset))


def _there(kind: Kind, table: Any) -> Any:
    """Return what makes a row one of its kind: a series without points has no summary."""
    return table.c.count > _number(0) if kind is Summary else None


def _columns(kind: Kind, table: sa.Table, fill: bool) -> list[Expression]:
    return [_column(kind, table, name, fill) for name in stored(kind)]


def _column(kind: Kind, table: sa.Table, name: str, fill: bool) -> Expression:
    if name not in large(kind):
        return table.c[name]
    if not fill:
        return sa.null().label(name)
    if not facts(kind)[name].shared:
        return table.c[name]
    texts = tables[Text]
    shared = sa.select(texts.c.text).where(texts.c.id == table.c[name]).scalar_subquery()
    return sa.func.coalesce(shared, sa.literal_column("''")).label(name)


# Conditions.


def _met(condition: Condition, kind: Kind, table: Any) -> Expression:
    match condition:
        case Compare(term, operator, value):
            return _compare(term, operator, value, kind, table)
        case Among(term, (slot,)):
            assert isinstance(slot, Slot)
            sort, listed = ("number", "BIGINT") if slot.sort == "numbers" else ("text", "TEXT")
            given = _slot(slot, sa.types.NullType())
            return _on_value(term, sort, kind, table, lambda left: among(left, given, listed))
        case IsNone(term):
            return _plain(term, kind, table).is_(None)
        case IsNan(term):
            if not _is_float(term, kind):
                return sa.false()
            return no_number(_plain(term, kind, table)) == _number(1)
        case Tagged(slot):
            taggings, tags = tables[Tagging], tables[Tag]
            join = taggings.join(tags, tags.c.id == taggings.c.tag_id)
            carried = (taggings.c.kind == sa.literal_column(f"'{kind.__name__}'"), taggings.c.subject_id == table.c.id)
            return sa.exists().select_from(join).where(*carried, tags.c.value == _slot(slot))
        case All(parts):
            return sa.and_(sa.true(), *(_met(part, kind, table) for part in parts))
        case AnyOf(parts):
            return sa.or_(sa.false(), *(_met(part, kind, table) for part in parts))
        case Not(part):
            return sa.not_(sa.func.coalesce(_met(part, kind, table), sa.false()))
        case May(slot, action):
            return _may(slot, action, kind, table)
        case _:
            raise TypeError(f"{condition!r} has no SQL")


def _compare(term: Term, operator: str, value: Any, kind: Kind, table: Any) -> Expression:
    if isinstance(value, Of):
        return _on_value(term, "number", kind, table, lambda left: left == _other(value))
    sort = "text" if value.sort == "glob" else value.sort
    right = _slot(value)
    return _on_value(
        term,
        sort,
        kind,
        table,
        lambda left: like(left, right) == _number(1) if operator == "~" else RELATIONS[operator](left, right),
    )


def _on_value(term: Term, sort: str, kind: Kind, table: Any, ask: Any) -> Expression:
    """Return what is asked of a term's value, if it is of that sort; false if not."""
    match term:
        case Field(name, of):
            owner = kind_named(of) if of else kind
            fact = facts(owner)[name]
            if fact.sort != sort:
                return sa.false()
            return _above(
                table, kind, of, lambda above: ask(numeric(above.c[name]) if fact.holds_float else above.c[name])
            )
        case Param(key):
            parameters = tables[Parameter].alias()
            column = _seen_as(parameters, sort)
            if column is None:
                return sa.false()
            at = (parameters.c.iteration_id == table.c.id, parameters.c.key == _slot(key))
            return sa.exists().select_from(parameters).where(*at, ask(column))
        case Measure(key, part):
            if sort != "number":
                return sa.false()
            series = tables[Summary].alias()
            column = series.c.count if part == "count" else numeric(series.c[part])
            there = (series.c.iteration_id == table.c.id, series.c.key == _slot(key), series.c.count > _number(0))
            return sa.exists().select_from(series).where(*there, ask(column))
        case _:
            assert_never(term)


def _seen_as(parameters: Any, sort: str) -> Expression | None:
    """Return a parameter as one sort of value sees it, or none."""
    match sort:
        case "text":
            return parameters.c.value
        case "number":
            return parameters.c.number  # never NaN: that is no number of a parameter
        case "flag":
            said = [
                (parameters.c.value == sa.literal_column(f"'{text}'"), value)
                for text, value in (("true", sa.true()), ("false", sa.false()))
            ]
            is_bool = parameters.c.type == sa.literal_column("'bool'")
            return sa.case(*((is_bool & met, value) for met, value in said))
        case _:
            return None


def _above(table: Any, kind: Kind, of: str, ask: Any) -> Expression:
    """Return what is asked of a row above, or of the row itself."""
    if not of:
        return ask(table)
    below, answer = table, ask
    steps = []
    for name, owner in lineage(kind)[of]:
        above = tables[owner].alias()
        steps.append((below.c[name], above))
        below = above
    for column, above in reversed(steps):
        answer = _inside(column, above, answer)
    return answer(table)


def _inside(column: Any, above: Any, ask: Any) -> Any:
    return lambda _: column.in_(sa.select(above.c.id).where(ask(above)))


def _plain(term: Term, kind: Kind, table: Any) -> Expression:
    """Return a term's value as it is kept."""
    match term:
        case Field(name, ""):
            return table.c[name]
        case Field(name, of):
            steps = lineage(kind)[of]
            first = tables[steps[0][1]].alias()
            join: Any = first
            below = first
            for field, owner in steps[1:]:
                above = tables[owner].alias()
                join, below = join.join(above, above.c.id == below.c[field]), above
            at = first.c.id == table.c[steps[0][0]]
            return sa.select(below.c[name]).select_from(join).where(at).scalar_subquery()
        case Param(key):
            parameters = tables[Parameter].alias()
            at = parameters.c.iteration_id == table.c.id
            return sa.select(parameters.c.value).where(at, parameters.c.key == _slot(key)).scalar_subquery()
        case Measure(key, part):
            series = tables[Summary].alias()
            at = (series.c.iteration_id == table.c.id) & (series.c.count > sa.literal_column("0"))
            return sa.select(series.c[part]).where(at, series.c.key == _slot(key)).scalar_subquery()
        case _:
            assert_never(term)


def _is_float(term: Term, kind: Kind) -> bool:
    match term:
        case Field(name, of):
            return facts(kind_named(of) if of else kind)[name].holds_float
        case Measure(_, part):
            return part != "count"
        case _:
            return False


def _other(value: Of) -> Expression:
    """Return the value that a field of another row has."""
    row = tables[value.kind].alias()
    plain = _plain(value.term, value.kind, row)
    return sa.select(plain).select_from(row).where(row.c.id == _slot(value.id)).scalar_subquery()


def _may(slot: Any, action: str, kind: Kind, table: Any) -> Expression:
    permissions = tables[UserPermission].alias()
    mine = (permissions.c.user_id == _slot(slot), permissions.c[f"{action}_permission"] == sa.true())
    held = sa.exists().select_from(permissions).where(*mine)
    if kind is Project:
        return held.where(permissions.c.project_id == table.c.id)
    if kind in (User, Tag, Writer):
        other, field = {User: (UserPermission, "user_id"), Tag: (Tagging, "tag_id"), Writer: (Iteration, "writer_id")}[
            kind
        ]
        link = tables[other].alias()
        joined = permissions.join(link, link.c.project_id == permissions.c.project_id)
        return sa.exists().select_from(joined).where(*mine, link.c[field] == table.c.id)
    if "Project" not in lineage(kind):
        return sa.false()
    return _above_project(table, kind, lambda column: column.in_(sa.select(permissions.c.project_id).where(*mine)))


def _above_project(table: Any, kind: Kind, ask: Any) -> Expression:
    """Return what is asked of the id of a row's project."""
    *steps, (last, _) = lineage(kind)["Project"]
    if not steps:
        return ask(table.c[last])
    owner = steps[-1][1].__name__
    return _above(table, kind, owner, lambda above: ask(above.c[last]))


# Orders.

Ranked = tuple[Expression, Expression, tuple[Expression, ...]]
"""The rank of a term, its value, and what to sort by within a rank."""


def _number(value: int) -> Expression:
    return sa.literal_column(str(value))


class _Joined:
    """A table, and what its rows are sorted by beside it."""

    def __init__(self, table: sa.Table) -> None:
        self.table: Any = table
        self.source: Any = table

    def field(self, kind: Kind, term: Field) -> Expression:
        """Return a field of the row or of one above it."""
        below = self.table
        for name, owner in lineage(kind)[term.of] if term.of else ():
            above = tables[owner].alias()
            self.source = self.source.outerjoin(above, above.c.id == below.c[name])
            below = above
        column: Expression = below.c[term.name]
        return column

    def keyed(self, kind: Kind, key: Any) -> Any:
        """Return the parameter or the series of a run under a key."""
        other = tables[kind].alias()
        at = (other.c.iteration_id == self.table.c.id) & (other.c.key == _slot(key))
        if kind is Summary:
            at &= other.c.count > _number(0)
        self.source = self.source.outerjoin(other, at)
        return other.c


def _ranked(term: Term, kind: Kind, joined: _Joined) -> Ranked:
    match term:
        case Param(key):
            column = joined.keyed(Parameter, key)
            number, text = column.number, column.value
            known = ((number.isnot(None), _number(NUMBER)), (text.isnot(None), _number(WORD)))
            word = sa.case((number.is_(None), text))
            return sa.case(*known, else_=_number(ABSENT)), either(number, text), (number, word)
        case Measure(key, part):
            value = joined.keyed(Summary, key)[part]
        case Field(name, of):
            value = joined.field(kind, term)
            if not of and not facts(kind)[name].optional and not facts(kind)[name].holds_float:
                return _number(NUMBER), value, (value,)
        case _:
            assert_never(term)
    absent = (value.is_(None), _number(ABSENT))
    if _is_float(term, kind):
        odd = (no_number(value) == _number(1), _number(NO_NUMBER))
        return sa.case(absent, odd, else_=_number(NUMBER)), numeric(value), (numeric(value),)
    return sa.case(absent, else_=_number(NUMBER)), value, (value,)


def _sorted(ranked: Ranked, descending: bool) -> list[Any]:
    rank, _, values = ranked
    turned = [value.desc() if descending else value.asc() for value in values]
    return turned if isinstance(rank, sa.ColumnClause) else [rank, *turned]


def _beyond(ranked: list[tuple[Ranked, bool]], after: tuple[tuple[int, Slot | None], ...], table: Any) -> Expression:
    """Return the condition that a row comes after a place in the order."""
    answer: Expression = table.c.id > _slot(after[-1][1])
    for ((rank, _, values), descending), (place, slot) in reversed(list(zip(ranked, after[:-1], strict=True))):
        later: Expression = rank > _number(place)
        level: Expression = rank == _number(place)
        if slot is None:
            answer = sa.or_(later, sa.and_(level, answer))
            continue
        value, here = values[-1 if place == WORD else 0], _slot(slot)
        further = value < here if descending else value > here
        answer = sa.or_(later, sa.and_(level, sa.or_(further, sa.and_(value == here, answer))))
    return answer

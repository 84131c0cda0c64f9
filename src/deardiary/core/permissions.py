"""Permissions: what is demanded of a change for the sake of who asks for it, beside what the rules demand."""

from collections.abc import Iterator

import attrs
from attrs import define, field

from deardiary.core.changes import Append, Change, Drop, Element, Expect, Insert, Patch
from deardiary.core.conditions import (
    EVERY,
    Action,
    All,
    AnyOf,
    Compare,
    Condition,
    Field,
    IsNone,
    May,
    Of,
    all_of,
    asked,
    asked_id,
    by_id,
    only_id,
)
from deardiary.core.declared import Entity, Kind, changed, references, target
from deardiary.core.entities import (
    Iteration,
    Metric,
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
from deardiary.core.errors import AdminRequired, Duplicate, Forbidden, Invalid, NotFound, SameUserRequired
from deardiary.core.meaning import holds
from deardiary.core.principals import SELF, Principal, hidden, inner, terms_of, visible
from deardiary.core.rules import NEVER, demands, series_of

_FIRST_OWN_PROMISE = -(2**62)


def guarded(
    principal: Principal, elements: tuple[Element, ...], *, known: frozenset[str] = frozenset()
) -> list[Element]:
    """Return the elements of a batch with what is demanded of them, for someone; some projects are known by uid."""
    return list(_Desk(principal, known).taken(elements))


@define(eq=False)
class _Desk:
    """A batch on its way through the guard."""

    principal: Principal
    known: frozenset[str]
    """The uids of projects that are there and may be seen."""
    _born: dict[tuple[Kind, int], Entity] = field(factory=dict)
    """The rows that the batch makes, by promise."""
    _touched: set[Kind] = field(factory=set)
    """The kinds of which some rows may have changed since they were made."""
    _said: set[Expect] = field(factory=set)
    """What was demanded before, and holds still."""
    _allowed: set[int] = field(factory=set)
    """The runs that were found fit to take a parameter."""
    _own: int = _FIRST_OWN_PROMISE

    def taken(self, elements: tuple[Element, ...]) -> Iterator[Element]:
        """Yield the elements, each after what is demanded of it."""
        tags = {element.entity.tag_id for element in elements if _is_tagging(element)}  # type: ignore[union-attr]
        for element in elements:
            if isinstance(element, Expect):
                yield self._seen(element)
                continue
            change, alike = self._within_sight(element), _alike(element)
            if alike is None or alike not in self._allowed:
                yield from _outside(element)
                yield from self._new(self._permission(element, tags))
                yield from self._new(demands(change))
            yield from self._done(change)
            if alike is not None:
                self._allowed.add(alike)

    def _within_sight(self, change: Change) -> Change:
        """Return a change that meets no rows but those that may be seen."""
        match change:
            case Patch(kind, where) | Drop(kind, where) if only_id(where) is None and not self.principal.is_admin:
                return attrs.evolve(change, where=where & visible(kind, self.principal))
            case _:
                return change

    def _new(self, expects: Iterator[Expect]) -> Iterator[Expect]:
        """Yield those expectations that are not known to be met."""
        for expect in expects:
            if self._known(expect) or expect in self._said:
                continue
            if expect.found:
                self._said.add(expect)
            yield expect

    def _known(self, expect: Expect) -> bool:
        """Return whether a row that this batch makes, and has not touched since, meets an expectation."""
        id, others = _split(expect.where)
        row = self._born.get((expect.kind, id))
        if row is None or not expect.found or expect.kind in self._touched:
            return False
        return all(_meets(part, row) for part in others)

    def _done(self, change: Change) -> Iterator[Change]:
        """Yield a change as it goes on, with what comes with it."""
        match change:
            case Insert(entity, or_existing=or_existing):
                if isinstance(entity, Writer) and not (self.principal.is_admin and entity.user_id):
                    change = attrs.evolve(change, entity=changed(entity, user_id=self.principal.user_id))
                yield change
                if not or_existing:
                    self._born[type(entity), entity.id] = entity
                if isinstance(entity, Project) and self.principal.user_id is not None and entity.uid not in self.known:
                    yield self._all_permissions(entity.id)
            case Patch(kind) | Drop(kind):
                self._touched.add(kind)
                self._said.clear()
                self._allowed.clear()
                if isinstance(change, Drop):
                    self._born.clear()
                yield change
            case _:
                yield change

    def _all_permissions(self, project: int) -> Insert:
        """Return the permissions of who makes a project."""
        self._own -= 1
        row = UserPermission(
            id=self._own,
            user_id=self.principal.user_id or 0,
            project_id=project,
            create_permission=True,
            read_permission=True,
            update_permission=True,
            delete_permission=True,
        )
        return Insert(row, or_existing=True)

    def _seen(self, expect: Expect) -> Expect:
        wrong = inner(expect.kind, expect.where)
        if wrong:
            return Expect(Project, NEVER, otherwise=Invalid, because=wrong)
        if self.principal.is_admin:
            return expect
        terms = terms_of(expect.where)
        secret = hidden(expect.kind, terms)
        if secret:
            return _refusal(User, secret)
        where = expect.where & visible(expect.kind, self.principal, terms)
        return attrs.evolve(expect, where=where)

    # Permissions.

    def _permission(self, change: Change, tags: set[int]) -> Iterator[Expect]:
        match change:
            case Insert(entity):
                if not self.principal.is_admin:
                    yield from self._insert_by_user(entity, change.or_existing, tags)
                yield from self._owners(entity)
            case Append(iteration_id):
                yield from self._may(Iteration, iteration_id, "create")
            case Patch(kind, where, values) if not self.principal.is_admin:
                yield from self._change_by_user(kind, where, "update", frozenset(values))
                if kind is Iteration and values.get("writer_id") is not None:
                    yield from self._own_writer(values["writer_id"])
            case Drop(kind, where) if not self.principal.is_admin:
                yield from self._change_by_user(kind, where, "delete", frozenset())

    def _insert_by_user(self, entity: Entity, or_existing: bool, tags: set[int]) -> Iterator[Expect]:
        match entity:
            case Project(uid=uid) if or_existing and uid in self.known:
                there = all_of(uid=uid) & visible(Project, self.principal)
                yield Expect(Project, there, otherwise=NotFound, because="the project was dropped meanwhile")
            case Project(uid=uid):
                if not self.principal.creates_projects:
                    yield _refusal(Project, "only an administrator makes projects")
                if or_existing:
                    because = "the project is already there; it cannot be made again"
                    yield Expect(Project, all_of(uid=uid), found=False, otherwise=Duplicate, because=because)
            case User() | UserPermission() | Text():
                yield _refusal(type(entity), f"only an administrator makes {type(entity).declared.one}")
            case Tag(id=id) if not (or_existing and id in tags):
                yield _refusal(Tag, "only an administrator makes a tag that nothing carries")
            case Writer(uid=uid):
                someone_else = all_of(uid=uid) & ~(asked("user_id") == (self.principal.user_id or 0))
                because = f"writer {uid} belongs to another user"
                yield Expect(Writer, someone_else, found=False, otherwise=Forbidden, because=because)

    def _owners(self, entity: Entity) -> Iterator[Expect]:
        """Yield that the rows above a new row are there, and that something may be made below them."""
        if isinstance(entity, Iteration) and entity.writer_id is not None:
            yield from self._own_writer(entity.writer_id)
        for fact in references(type(entity)):
            id = getattr(entity, fact.name)
            if not fact.owner or id is None or fact.set_null:
                continue
            kind = target(fact, entity)
            if kind is Tag or kind is User:
                if id > 0:
                    yield self._there(kind, id)
            else:
                yield from self._may(kind, id, "create")

    def _own_writer(self, id: int) -> Iterator[Expect]:
        if not self.principal.is_admin and id > 0:
            mine = by_id(id) & all_of(user_id=self.principal.user_id or 0)
            yield Expect(Writer, mine, otherwise=NotFound, because=_absent(Writer, id))

    def _change_by_user(self, kind: Kind, where: Condition, action: Action, names: frozenset[str]) -> Iterator[Expect]:
        id = only_id(where)
        if kind is User:
            yield from self._change_user(id, action, names)
        elif kind in (UserPermission, Tag, Text, Writer):
            yield _refusal(kind, f"only an administrator may {action} {kind.declared.one}")
        elif kind is Metric:
            if id is not None and id > 0:
                yield from self._may(Summary, series_of(id), action, noun=f"metric {id}")
        elif id is not None:
            yield from self._may(kind, id, action)
        else:
            me = self.principal.user_id or 0
            locked = where & visible(kind, self.principal) & ~May(me, action)
            yield Expect(
                kind, locked, found=False, otherwise=Forbidden, because=_needs(action, f"each {kind.declared.noun}")
            )

    def _change_user(self, id: int | None, action: Action, names: frozenset[str]) -> Iterator[Expect]:
        if action == "update" and not names <= SELF:
            yield _refusal(User, "only an administrator may change who is one")
        elif action == "delete" or id is None:
            yield _refusal(User, f"only an administrator may {action} users")
        elif id != self.principal.user_id:
            yield self._there(User, id)
            because = "only the user concerned, or an administrator, may do this"
            yield Expect(User, NEVER, otherwise=SameUserRequired, because=because)

    def _there(self, kind: Kind, id: int, noun: str = "") -> Expect:
        because = f"{noun} is not there" if noun else _absent(kind, id)
        return Expect(kind, _and(by_id(id), visible(kind, self.principal)), otherwise=NotFound, because=because)

    def _may(self, kind: Kind, id: int, action: Action, noun: str = "") -> Iterator[Expect]:
        """Yield that a row may be seen, and that something may be done to it or below it."""
        if (kind, id) in self._born and (self.principal.is_admin or action == "create"):
            return
        yield self._there(kind, id, noun)
        if not self.principal.is_admin:
            where = by_id(id) & May(self.principal.user_id or 0, action)
            said = noun or f"{kind.declared.noun} {id}"
            yield Expect(kind, where, otherwise=Forbidden, because=_needs(action, said))


def _alike(change: Change) -> int | None:
    """Return the run of a new parameter: of two parameters of one run the same is demanded."""
    match change:
        case Insert(Parameter(id=id, iteration_id=iteration)) if id < 0:
            return iteration
        case _:
            return None


def _outside(change: Change) -> Iterator[Expect]:
    """Yield a demand that is never met, if a change says what may only be said within."""
    wrong = ""
    match change:
        case Insert(entity):
            wrong = inner(type(entity), EVERY)
            if entity.id > 0:
                wrong = f"{entity.id} is the store's to give; promise a row with a negative id"
        case Patch(kind, where) | Drop(kind, where):
            wrong = inner(kind, where)
        case _:
            pass
    if wrong:
        yield Expect(Project, NEVER, otherwise=Invalid, because=wrong)


def _is_tagging(element: Element) -> bool:
    return isinstance(element, Insert) and isinstance(element.entity, Tagging)


def _split(where: Condition) -> tuple[int, tuple[Condition, ...]]:
    """Return the id that a condition asks for, or 0, and what else it asks."""
    return asked_id(where) or 0, where.parts[1:] if isinstance(where, All) else ()


def _meets(part: Condition, row: Entity) -> bool:
    """Return whether a row is known to meet a condition by its own fields."""
    match part:
        case Compare(Field(name, ""), operator, value) if not isinstance(value, Of):
            return holds(getattr(row, name), operator, value)
        case IsNone(Field(name, "")):
            return getattr(row, name) is None
        case AnyOf(parts):
            return any(_meets(one, row) for one in parts)
        case _:
            return False


def _and(where: Condition, more: Condition) -> Condition:
    return where if more is EVERY else where & more


def _refusal(kind: Kind, because: str) -> Expect:
    return Expect(kind, NEVER, otherwise=AdminRequired, because=because)


def _absent(kind: Kind, id: int) -> str:
    return f"{kind.declared.noun} {id} is not there"


def _needs(action: Action, noun: str) -> str:
    return f"the {action} permission is needed in the project of {noun}"

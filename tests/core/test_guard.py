"""The guard as tables: who may do and see what, and what nobody learns of what they may not see."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import pytest
from attrs import define, evolve, field

from deardiary.backends.memory import MemoryStore
from deardiary.core.changes import Append, Batch, Drop, Element, Expect, Insert, Patch, Receipt, Stream
from deardiary.core.conditions import (
    EVERY,
    Among,
    Compare,
    Condition,
    Field,
    May,
    Of,
    asked,
    by_id,
    metric,
    param,
    tagged,
)
from deardiary.core.declared import E, Kind, kinds
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import (
    Blob,
    Condemned,
    Experiment,
    Iteration,
    IterationStatus,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Piece,
    Project,
    Putting,
    Resource,
    Summary,
    Tag,
    Tagging,
    Text,
    User,
    UserPermission,
    Writer,
)
from deardiary.core.errors import (
    AdminRequired,
    DearDiaryError,
    Duplicate,
    Forbidden,
    Invalid,
    Misplaced,
    NotFound,
    SameUserRequired,
    Unavailable,
    Unprocessable,
)
from deardiary.core.guard import Guarded
from deardiary.core.ledger import Drawers
from deardiary.core.permissions import guarded
from deardiary.core.points import point_id
from deardiary.core.principals import OWNER, Principal
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.settle import settle
from deardiary.core.shapes import EPOCH
from deardiary.core.stores import Store
from deardiary.testing.telling import (
    DIGEST,
    NOON,
    a_parameter,
    a_project,
    a_resource,
    a_run,
    a_tag,
    an_experiment,
    at,
    points,
    raised,
)

# The diary of these tables. Project 1 is the one that is asked for, 2 another one, in which the rows bear the same
# numbers; what a model version names bears that number and two more.

IRIS, MICE, OWN = 1, 2, 3
FIRST, SECOND = point_id(IRIS, 0), point_id(MICE, 0)
"""The points of runs 1 and 2."""

WHO: Mapping[str, Principal] = {
    "owner": OWNER,
    "admin": Principal(user_id=1, is_admin=True),
    "none": Principal(user_id=11),
    "c": Principal(user_id=3),
    "r": Principal(user_id=4),
    "u": Principal(user_id=5),
    "d": Principal(user_id=6),
    "rc": Principal(user_id=7),
    "ru": Principal(user_id=8),
    "rd": Principal(user_id=9),
    "all": Principal(user_id=10),
    "other": Principal(user_id=2),
    "maker": Principal(user_id=12, creates_projects=True),
}
"""Who asks: letters say which permissions they hold on project 1; `other` holds all on project 2, `maker` on 3."""

ALL, READER, STRANGER, OTHER, MAKER, ADMIN = (WHO[name] for name in ("all", "r", "none", "other", "maker", "admin"))
MATE = 13
"""A user who reads projects 1 and 2, and is an administrator."""


def uid(number: int) -> str:
    """Return the uid of a row of the diary."""
    return f"{number:032x}"


def permission(number: int, user: int, project: int, letters: str) -> Insert:
    """Return the making of a permission, by the first letters of what it permits."""
    flags = {f"{action}_permission": action[0] in letters for action in ("create", "read", "update", "delete")}
    return Insert(UserPermission(id=number, user_id=user, project_id=project, **flags))


def people() -> Iterator[Element]:
    """Yield the makings of the users, and of their permissions, which bear their numbers as far as there are more."""
    yield Insert(User(id=1, username="default", is_admin=True, password="secret", created_date=NOON))
    for name, who in list(WHO.items())[2:]:
        yield Insert(User(id=who.user_id or 0, username=name, password="secret", created_date=NOON))
    yield Insert(User(id=MATE, username="mate", is_admin=True, password="secret", created_date=NOON))
    yield from (permission(1, MATE, IRIS, "r"), permission(2, 2, MICE, "crud"))
    for user, letters in enumerate(("c", "r", "u", "d", "rc", "ru", "rd", "crud"), 3):
        yield permission(user, user, IRIS, letters)
    yield from (permission(11, MATE, MICE, "r"), permission(12, 12, OWN, "crud"))


def work(project: int, user: int) -> Iterator[Element]:
    """Yield the makings of what lies in a project."""
    n, registered = project, project + 2
    yield Insert(Writer(id=n, uid=uid(n), user_id=user, host="here", seen_at=NOON))
    yield an_experiment(n, n, uid=uid(n))
    yield an_experiment(registered, n)
    yield a_run(n, n, uid=uid(n), name="plain", writer_id=n, project_toml=f"[project {n}]")
    yield a_run(registered, registered, name="registered", end_date=at(1) if n == MICE else None)
    yield a_parameter("lr", "0.1", number=n, run=n)
    yield Append(n, points(loss=[0.5]))
    yield a_resource(n, n)
    yield Insert(Model(id=n, project_id=n, name="tree"))
    yield Insert(ModelVersion(id=n, model_id=n, iteration_id=registered))


def tags() -> Iterator[Element]:
    """Yield the makings of a tag in each project, one in none, one in both."""
    yield from (Insert(Tag(id=id, value=value)) for id, value in enumerate(("iris", "mice", "loose", "shared"), 1))
    carried = [("Iteration", 1, 1), ("Iteration", 2, 2), ("Experiment", 1, 4), ("Experiment", 2, 4), ("Project", 1, 1)]
    for id, (kind, subject, tag) in enumerate(carried, 1):
        yield Insert(Tagging(id=id, kind=kind, subject_id=subject, tag_id=tag))


def all_rows() -> Iterator[Element]:
    """Yield the makings of the whole diary."""
    yield from (a_project(id, uid=uid(id), name=name) for id, name in ((1, "Iris"), (2, "Mice"), (3, "Own")))
    yield from people()
    yield from (*work(IRIS, 10), *work(MICE, 2))
    yield Insert(Writer(id=3, uid=uid(3), user_id=11, seen_at=NOON))
    yield from tags()


MADE = settle(Batch(all_rows()), Drawers())[1]


def the_diary(*more: Element) -> MemoryStore:
    """Return the diary, made without its guard, and what else is told it."""
    store = MemoryStore()
    store._view.commit(MADE, ())  # as settled once: settling it for every cell would take most of the time
    if more:
        store.apply(Batch(more))
    return store


def tell(who: Principal, *elements: Element, store: Store | None = None) -> Receipt:
    """Tell a diary a batch, through its guard."""
    return Guarded(store or the_diary(), who).apply(Batch(elements))


def refused(error: type[DearDiaryError], who: Principal, *elements: Element, store: Store | None = None) -> Any:
    """Tell a batch that must be refused, and return the error."""
    return raised(error, lambda: tell(who, *elements, store=store))


def ids(store: Store, kind: Any, where: Condition = EVERY) -> list[int]:
    """Return the ids of the rows that a store finds."""
    return [row.id for row in store.find(Query(kind, where)).rows]


def row(store: Store, kind: type[E], id: int) -> E:
    """Return a row of a store."""
    return store.find(Query(kind, by_id(id))).rows[0]


def the_rows(store: Store) -> dict[Kind, list[Any]]:
    """Return every row of a store."""
    return {kind: store.find(Query(kind)).rows for kind in kinds().values() if kind.declared.find}


@define
class Attended:
    """A store that remembers the batches it was told; before each of them something may happen in it."""

    store: Store
    happens: tuple[Element, ...] = ()
    batches: list[Batch] = field(factory=list)

    def apply(self, batch: Batch, /) -> Receipt:
        self.batches.append(batch)
        self.store.apply(Batch(self.happens))
        return self.store.apply(batch)

    def find(self, query: Query[E], /) -> Page[E]:
        return self.store.find(query)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        return self.store.series(query)

    def close(self) -> None:
        self.store.close()


# How the tables speak.

CELLS: Mapping[str, type[DearDiaryError] | None] = {
    "ok": None,
    "404": NotFound,
    "403": Forbidden,
    "adm": AdminRequired,
    "self": SameUserRequired,
    "dup": Duplicate,
    "rule": Unprocessable,
}
"""The errors that the cells of the tables stand for."""

Told: TypeAlias = Element | list[Element]


def lines(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the cells of each line of a table; the first line names who asks."""
    head, *rest = text.strip("\n").splitlines()
    assert head.split() == list(WHO)
    for line in rest:
        if line.strip():
            name, *cells = line.rsplit(None, len(WHO))
            yield name, cells


def cells(text: str) -> pytest.MarkDecorator:
    """Return the mark that runs a test on each cell of a table."""
    cases = [
        pytest.param(name, WHO[who], cell, id=f"{name}, {who}")
        for name, row in lines(text)
        for who, cell in zip(WHO, row, strict=True)
    ]
    return pytest.mark.parametrize(("name", "who", "cell"), cases)


def answer(who: Principal, *elements: Element) -> type[DearDiaryError] | None:
    """Return the class of the error that a batch gets, or none."""
    try:
        tell(who, *elements)
    except DearDiaryError as error:
        return type(error)
    return None


everyone = pytest.mark.parametrize("who", WHO.values(), ids=WHO)
FIND_IRIS = Insert(Project(id=-1, uid=uid(IRIS), name="Iris"), or_existing=True)
"""The making of project 1, or its finding."""

INNER = (Piece, Blob, Condemned, Putting)
an_inner_kind = pytest.mark.parametrize("kind", INNER, ids=lambda kind: kind.__name__)


# Who may do what.


def met(id: int = IRIS) -> Condition:
    """Return a condition that is not just an id, and meets the row of an id."""
    return by_id(id) & (asked("id") < 100)


def a_version(number: int, model: int, run: int) -> Insert:
    """Return the making of a model version."""
    return Insert(ModelVersion(id=number, model_id=model, iteration_id=run))


def a_tagging(kind: str, subject: int, tag: int) -> Insert:
    """Return the making of a tagging."""
    return Insert(Tagging(id=-1, kind=kind, subject_id=subject, tag_id=tag))


VALUES: Mapping[Kind, Mapping[str, Any]] = {
    Project: {"name": "new"},
    Experiment: {"name": "new", "status_id": 2},
    Iteration: {"notes": "new", "status_id": IterationStatus.KILLED},
    Parameter: {"value": "new"},
    Resource: {"name": "new"},
    Model: {"name": "new"},
    ModelVersion: {"description": "new", "stage_id": 3},
    Tagging: {},
    Summary: {},
}
"""What a patch of each kind may change."""

MAKINGS: Mapping[str, Told] = {
    "make a project": a_project(),
    "make project 1 or find it": FIND_IRIS,
    "make a user": Insert(User(id=-1, username="eve")),
    "make a permission": permission(-1, 2, IRIS, "r"),
    "make a text": Insert(Text(id=-1, digest=digest_of_text("x"), text="x")),
    "make a tag": Insert(Tag(id=-1, value="new")),
    "make a tag or find it": Insert(Tag(id=-1, value="iris"), or_existing=True),
    "make a writer": Insert(Writer(id=-1)),
    "make an experiment": an_experiment(-1, IRIS),
    "make a run": a_run(-1, IRIS),
    "make a child": a_run(-1, IRIS, parent_iteration_id=IRIS),
    "make a run with a writer": [Insert(Writer(id=-1)), a_run(-1, IRIS, writer_id=-1)],
    "make a run with writer 2": a_run(-1, IRIS, writer_id=MICE),
    "make a parameter": a_parameter("new", "1", run=IRIS),
    "make points": Append(IRIS, points(loss=[0.25])),
    "make a resource": a_resource(-1, IRIS),
    "make a resource of a run": a_resource(-1, IRIS, iteration_id=IRIS),
    "tag a project": a_tag(-1, "new", "Project", IRIS),
    "tag an experiment": a_tag(-1, "new", "Experiment", IRIS),
    "tag a run": a_tag(-1, "new", "Iteration", IRIS),
    "tag a run with tag 4": a_tagging("Iteration", IRIS, 4),
    "tag a run with tag 2": a_tagging("Iteration", IRIS, 2),
    "tag a run with tag 3": a_tagging("Iteration", IRIS, 3),
    "tag a run, no tag of its own": [Insert(Tag(id=-1, value="new")), a_tagging("Iteration", IRIS, -1)],
    "make a model": Insert(Model(id=-1, project_id=IRIS, name="new")),
    "make a version": a_version(-1, IRIS, IRIS),
    "make a version of run 2": a_version(-1, IRIS, MICE),
}

MAY_MAKE = """
                                owner admin none c    r    u    d    rc   ru   rd   all  other maker
make a project                  ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   ok
make project 1 or find it       ok    ok    adm  adm  ok   adm  adm  ok   ok   ok   ok   adm   dup
make a user                     ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
make a permission               ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
make a text                     ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
make a tag                      ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
make a tag or find it           ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
make a writer                   ok    ok    ok   ok   ok   ok   ok   ok   ok   ok   ok   ok    ok
make an experiment              ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
make a run                      ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
make a child                    ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
make a run with a writer        ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
make a run with writer 2        ok    ok    404  404  404  404  404  404  404  404  404  404   404
make a parameter                ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
make points                     ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
make a resource                 ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
make a resource of a run        ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
tag a project                   ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
tag an experiment               ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
tag a run                       ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
tag a run with tag 4            ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
tag a run with tag 2            ok    ok    404  404  403  404  404  404  403  403  404  404   404
tag a run with tag 3            ok    ok    404  404  403  404  404  404  403  403  404  404   404
tag a run, no tag of its own    ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
make a model                    ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
make a version                  ok    ok    404  404  403  404  404  ok   403  403  ok   404   404
make a version of run 2         rule  rule  404  404  403  404  404  rule 403  403  rule 404   404
"""


@cells(MAY_MAKE)
def test_who_may_make_what(name: str, who: Principal, cell: str) -> None:
    said = MAKINGS[name]

    assert answer(who, *(said if isinstance(said, list) else [said])) is CELLS[cell]


CHANGES: Mapping[str, Element] = {
    **{f"change {kind.declared.noun} 1": Patch(kind, IRIS, values) for kind, values in VALUES.items()},
    **{f"drop {kind.declared.noun} 1": Drop(kind, IRIS) for kind in VALUES if kind.declared.drop},
    **{f"change {kind.declared.noun} 1 if": Patch(kind, met(), values) for kind, values in VALUES.items()},
    **{f"drop {kind.declared.noun} 1 if": Drop(kind, met()) for kind in VALUES if kind.declared.drop},
    "change metric 1": Patch(Metric, FIRST, {"value": 1.0, "key": "cost"}),
    "drop metric 1": Drop(Metric, FIRST),
    "change the names of the mate": Patch(User, MATE, {"first_name": "M", "last_name": "A", "password": "x"}),
    "change the rank of the mate": Patch(User, MATE, {"is_admin": False}),
    "change the mate if": Patch(User, met(MATE), {"first_name": "M"}),
    "drop the mate": Drop(User, MATE),
    "drop the mate if": Drop(User, met(MATE)),
    "change permission 1": Patch(UserPermission, 1, {"read_permission": True}),
    "change permission 1 if": Patch(UserPermission, met(), {"read_permission": True}),
    "drop permission 1": Drop(UserPermission, 1),
    "drop permission 1 if": Drop(UserPermission, met()),
    "change tag 1": Patch(Tag, 1, {"value": "new"}),
    "change tag 1 if": Patch(Tag, met(), {"value": "new"}),
    "drop tag 1": Drop(Tag, 1),
    "change text 1": Patch(Text, 1, {}),
    "drop text 1": Drop(Text, 1),
    "change writer 1": Patch(Writer, 1, {}),
    "drop writer 1": Drop(Writer, 1),
}

MAY_CHANGE = """
                                owner admin none c    r    u    d    rc   ru   rd   all  other maker
change project 1                ok    ok    404  404  403  404  404  403  ok   403  ok   404   404
change experiment 1             ok    ok    404  404  403  404  404  403  ok   403  ok   404   404
change run 1                    ok    ok    404  404  403  404  404  403  ok   403  ok   404   404
change parameter 1              ok    ok    404  404  403  404  404  403  ok   403  ok   404   404
change metric 1                 ok    ok    404  404  403  404  404  403  ok   403  ok   404   404
change series 1                 ok    ok    404  404  403  404  404  403  ok   403  ok   404   404
change resource 1               ok    ok    404  404  403  404  404  403  ok   403  ok   404   404
change tagging 1                ok    ok    404  404  403  404  404  403  ok   403  ok   404   404
change model 1                  ok    ok    404  404  403  404  404  403  ok   403  ok   404   404
change model version 1          ok    ok    404  404  403  404  404  403  ok   403  ok   404   404

drop project 1                  ok    ok    404  404  403  404  404  403  403  ok   ok   404   404
drop experiment 1               ok    ok    404  404  403  404  404  403  403  ok   ok   404   404
drop run 1                      ok    ok    404  404  403  404  404  403  403  ok   ok   404   404
drop parameter 1                ok    ok    404  404  403  404  404  403  403  ok   ok   404   404
drop metric 1                   ok    ok    404  404  403  404  404  403  403  ok   ok   404   404
drop resource 1                 ok    ok    404  404  403  404  404  403  403  ok   ok   404   404
drop tagging 1                  ok    ok    404  404  403  404  404  403  403  ok   ok   404   404
drop model 1                    ok    ok    404  404  403  404  404  403  403  ok   ok   404   404
drop model version 1            ok    ok    404  404  403  404  404  403  403  ok   ok   404   404

change project 1 if             ok    ok    ok   ok   403  ok   ok   403  ok   403  ok   ok    ok
change experiment 1 if          ok    ok    ok   ok   403  ok   ok   403  ok   403  ok   ok    ok
change run 1 if                 ok    ok    ok   ok   403  ok   ok   403  ok   403  ok   ok    ok
change parameter 1 if           ok    ok    ok   ok   403  ok   ok   403  ok   403  ok   ok    ok
change series 1 if              ok    ok    ok   ok   403  ok   ok   403  ok   403  ok   ok    ok
change resource 1 if            ok    ok    ok   ok   403  ok   ok   403  ok   403  ok   ok    ok
change tagging 1 if             ok    ok    ok   ok   403  ok   ok   403  ok   403  ok   ok    ok
change model 1 if               ok    ok    ok   ok   403  ok   ok   403  ok   403  ok   ok    ok
change model version 1 if       rule  rule  rule rule 403  rule rule 403  rule 403  rule rule  rule

drop project 1 if               ok    ok    ok   ok   403  ok   ok   403  403  ok   ok   ok    ok
drop experiment 1 if            ok    ok    ok   ok   403  ok   ok   403  403  ok   ok   ok    ok
drop run 1 if                   ok    ok    ok   ok   403  ok   ok   403  403  ok   ok   ok    ok
drop parameter 1 if             ok    ok    ok   ok   403  ok   ok   403  403  ok   ok   ok    ok
drop resource 1 if              ok    ok    ok   ok   403  ok   ok   403  403  ok   ok   ok    ok
drop tagging 1 if               ok    ok    ok   ok   403  ok   ok   403  403  ok   ok   ok    ok
drop model 1 if                 ok    ok    ok   ok   403  ok   ok   403  403  ok   ok   ok    ok
drop model version 1 if         ok    ok    ok   ok   403  ok   ok   403  403  ok   ok   ok    ok

change the names of the mate    ok    ok    404  404  self 404  404  self self self self self  404
change the rank of the mate     ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
change the mate if              ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
drop the mate                   ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
drop the mate if                ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
change permission 1             ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
change permission 1 if          ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
drop permission 1               ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
drop permission 1 if            ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
change tag 1                    ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
change tag 1 if                 ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
drop tag 1                      ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
change text 1                   ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
drop text 1                     ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
change writer 1                 ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
drop writer 1                   ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
"""


@cells(MAY_CHANGE)
def test_who_may_change_what(name: str, who: Principal, cell: str) -> None:
    assert answer(who, CHANGES[name]) is CELLS[cell]


def test_every_change_is_in_the_table() -> None:
    assert sorted(name for name, _ in lines(MAY_CHANGE)) == sorted(CHANGES)
    assert sorted(name for name, _ in lines(MAY_MAKE)) == sorted(MAKINGS)


EXPECTATIONS: Mapping[str, Expect] = {
    **{f"{kind.declared.noun} 1": Expect(kind, 1) for kind in kinds().values() if kind not in (*INNER, Metric)},
    "no project 1": Expect(Project, 1, found=False),
    "no run 1": Expect(Iteration, met(), found=False),
    "no project 99": Expect(Project, 99, found=False),
    "a project": Expect(Project, EVERY),
    "the mate": Expect(User, MATE),
    "the mate's name": Expect(User, by_id(MATE) & (asked("username") == "mate") & (asked("first_name") == "")),
    "the mate's rank": Expect(User, by_id(MATE) & (asked("is_admin") == True)),  # noqa: E712  # a condition
    "the mate's arrival": Expect(User, by_id(MATE) & ~asked("created_date").is_none(), found=False),
    "the mate's rank by permission": Expect(UserPermission, asked("user.is_admin").among([True])),
    "permission 3": Expect(UserPermission, 3),
    "permission 3 on a project": Expect(UserPermission, by_id(3) & (asked("project.name") == "Iris")),
    "tag 3": Expect(Tag, 3),
    "tag 4": Expect(Tag, 4),
    "a run with tag 1": Expect(Iteration, tagged("iris")),
}

MAY_EXPECT = """
                                owner admin none c    r    u    d    rc   ru   rd   all  other maker
user 1                          ok    ok    rule rule rule rule rule rule rule rule rule rule  rule
project 1                       ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
permission 1                    ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
permission 3                    ok    ok    rule ok   ok   rule rule ok   ok   ok   ok   rule  rule
experiment 1                    ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
run 1                           ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
parameter 1                     ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
series 1                        ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
resource 1                      ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
tag 1                           ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
tag 3                           ok    ok    rule rule rule rule rule rule rule rule rule rule  rule
tag 4                           ok    ok    rule rule ok   rule rule ok   ok   ok   ok   ok    rule
tagging 1                       ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
model 1                         ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
model version 1                 ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
text 1                          ok    ok    rule rule rule rule rule rule rule rule rule rule  rule
writer 1                        ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
no project 1                    rule  rule  ok   ok   rule ok   ok   rule rule rule rule ok    ok
no run 1                        rule  rule  ok   ok   rule ok   ok   rule rule rule rule ok    ok
no project 99                   ok    ok    ok   ok   ok   ok   ok   ok   ok   ok   ok   ok    ok
a project                       ok    ok    rule rule ok   rule rule ok   ok   ok   ok   ok    ok
a run with tag 1                ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
the mate                        ok    ok    rule rule ok   rule rule ok   ok   ok   ok   ok    rule
the mate's name                 ok    ok    rule rule ok   rule rule ok   ok   ok   ok   ok    rule
the mate's rank                 ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
the mate's arrival              rule  rule  adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
the mate's rank by permission   ok    ok    adm  adm  adm  adm  adm  adm  adm  adm  adm  adm   adm
permission 3 on a project       ok    ok    rule rule ok   rule rule ok   ok   ok   ok   rule  rule
"""


@cells(MAY_EXPECT)
def test_an_expectation_sees_what_its_sender_sees(name: str, who: Principal, cell: str) -> None:
    assert answer(who, EXPECTATIONS[name]) is CELLS[cell]


def test_every_expectation_is_in_the_table() -> None:
    assert sorted(name for name, _ in lines(MAY_EXPECT)) == sorted(EXPECTATIONS)


def test_what_is_allowed_is_done() -> None:
    store = the_diary()

    receipt = tell(
        ALL, an_experiment(-1, IRIS), a_run(), a_parameter("k", "v"), Append(-1, points(a=[1.0])), store=store
    )
    tell(
        ALL,
        Patch(Iteration, 5, {"notes": "done"}),
        Drop(Parameter, 3),
        Patch(Metric, FIRST, {"value": 7.0}),
        store=store,
    )

    assert receipt.ids == {(Experiment, -1): 5, (Iteration, -1): 5, (Parameter, -1): 3}
    assert [placed.key for columns in receipt.placed for placed in columns] == ["a"]
    assert row(store, Iteration, 5).notes == "done"
    assert ids(store, Parameter) == [1, 2]
    assert [list(one.values) for one in store.series(SeriesQuery(iterations=(1, 5)))] == [[7.0], [1.0]]


# What is nobody's to say.

NOT_TO_BE_SAID: Mapping[str, Element] = {
    "a row with an id": a_project(9),
    "a row with an id in use": a_project(IRIS),
    "a piece": Insert(Piece(id=-1, digest=DIGEST, n=0, data=b"x")),
    "a blob": Insert(Blob(id=-1, digest=DIGEST, size=1)),
    "a mark": Insert(Condemned(id=-1, digest=DIGEST)),
    "a putting": Insert(Putting(id=-1, digest=DIGEST, user_id=10)),
    "a putting with an id": Insert(Putting(id=1, digest=DIGEST, user_id=10)),
    "another stage of a mark": Patch(Condemned, 1, {"stage": 2}),
    "the end of pieces": Drop(Piece, asked("digest") == DIGEST),
    "the end of a blob": Drop(Blob, 1),
    "the end of a putting": Drop(Putting, 1),
    "that a blob is there": Expect(Blob, asked("digest") == DIGEST),
    "that no putting is there": Expect(Putting, asked("user.username") == "all", found=False),
    "what another may": Expect(Project, May(10, "read")),
    "what another may not": Expect(Project, ~May(10, "read"), found=False),
    "a change where another may": Patch(Project, by_id(IRIS) & (May(10, "update") | by_id(2)), {}),
    "a drop where another may": Drop(Project, ~(~May(10, "delete"))),
    "what another row says": Expect(Project, Compare(Field("name"), "==", Of(Project, MICE, Field("name")))),
    "a change as another row says": Patch(
        Project, by_id(IRIS) & ~Compare(Field("name"), "<", Of(Project, MICE, Field("name"))), {}
    ),
    "a drop as another row says": Drop(Project, Compare(Field("name"), "~", Of(Project, MICE, Field("name")))),
    "a change among other rows": Patch(Project, Among(Field("name"), (Of(Project, MICE, Field("name")),)), {}),
}


@everyone
@pytest.mark.parametrize("name", NOT_TO_BE_SAID)
def test_nobody_says_what_is_said_within(name: str, who: Principal) -> None:
    assert answer(who, NOT_TO_BE_SAID[name]) is Invalid


@everyone
@an_inner_kind
def test_nobody_asks_for_inner_kinds(kind: Any, who: Principal) -> None:
    error = raised(Invalid, lambda: Guarded(the_diary(), who).find(Query(kind)))

    assert str(error) == f"a {kind.declared.noun} is the store's own affair; artifacts are reached by their resources"


@everyone
@pytest.mark.parametrize(
    "where",
    [
        May(10, "read"),
        ~May(10, "read"),
        by_id(1) & (May(10, "read") | by_id(2)),
        Compare(Field("name"), "==", Of(Project, MICE, Field("name"))),
    ],
    ids=["may", "may not", "deep within", "of another row"],
)
def test_nobody_asks_what_the_guard_asks(where: Condition, who: Principal) -> None:
    error = raised(Invalid, lambda: Guarded(the_diary(), who).find(Query(Project, where)))

    assert str(error) == "a condition about permissions or other rows is the guard's to make"


@everyone
def test_zero_is_nobodys_id(who: Principal) -> None:
    error = refused(Invalid, who, Insert(Writer(id=0)))

    assert str(error) == "0 is no id of a writer, and no promise of one; promises are negative"


def test_a_row_with_an_id_is_refused_after_one_like_it() -> None:
    refused(Invalid, OWNER, a_parameter("a", "1", run=IRIS), a_parameter("b", "2", number=9, run=IRIS))


def test_what_is_said_wrongly_is_refused_in_its_place() -> None:
    error = refused(NotFound, OWNER, Patch(Project, 99, {}), a_project(9))

    assert str(error) == "project 99 is not there"


def test_ids_are_the_stores_to_give() -> None:
    error = refused(Invalid, OWNER, a_project(9))

    assert str(error) == "9 is the store's to give; promise a row with a negative id"


@everyone
def test_a_batch_does_not_say_who_sends_it(who: Principal) -> None:
    store = the_diary()

    error = raised(Invalid, lambda: Guarded(store, who).apply(Batch([a_project()], principal=who.user_id or 1)))

    assert str(error) == "a batch does not say who sends it; the guard does"
    assert ids(store, Project) == [1, 2, 3]


SENTENCES: Mapping[str, tuple[Principal, Element, str]] = {
    "create": (READER, an_experiment(-1, IRIS), "the create permission is needed in the project of project 1"),
    "update": (READER, Patch(Iteration, 1, {}), "the update permission is needed in the project of run 1"),
    "delete": (READER, Drop(Parameter, 1), "the delete permission is needed in the project of parameter 1"),
    "point": (READER, Drop(Metric, FIRST), f"the delete permission is needed in the project of metric {FIRST}"),
    "each": (READER, Patch(Model, EVERY, {}), "the update permission is needed in the project of each model"),
    "project": (READER, a_project(), "only an administrator makes projects"),
    "user": (READER, Insert(User(id=-1, username="e")), "only an administrator makes a user"),
    "tag": (READER, Insert(Tag(id=-1, value="e")), "only an administrator makes a tag that nothing carries"),
    "old tag": (READER, Drop(Tag, 1), "only an administrator may delete a tag"),
    "permission": (ALL, Patch(UserPermission, 10, {}), "only an administrator may update a permission"),
    "rank": (READER, Patch(User, 4, {"is_admin": True}), "only an administrator may change who is one"),
    "users": (READER, Drop(User, 4), "only an administrator may delete users"),
    "mate": (READER, Patch(User, MATE, {}), "only the user concerned, or an administrator, may do this"),
    "arrivals": (
        READER,
        Expect(User, asked("created_date") > NOON),
        "only an administrator may ask users for `created_date`",
    ),
    "absent": (READER, Patch(Project, MICE, {}), "project 2 is not there"),
    "absent point": (READER, Patch(Metric, SECOND, {}), f"metric {SECOND} is not there"),
    "absent writer": (ALL, a_run(-1, IRIS, writer_id=2), "writer 2 is not there"),
    "inner": (
        READER,
        Drop(Blob, 1),
        "a blob is the store's own affair; artifacts are reached by their resources",
    ),
    "inner row": (
        OWNER,
        Expect(Piece, EVERY),
        "a piece is the store's own affair; artifacts are reached by their resources",
    ),
    "within": (
        OWNER,
        Expect(Project, May(1, "read")),
        "a condition about permissions or other rows is the guard's to make",
    ),
    "writer": (ALL, Insert(Writer(id=-1, uid=uid(2))), f"writer {uid(2)} belongs to another user"),
    "project there": (
        MAKER,
        Insert(Project(id=-1, uid=uid(IRIS), name="x"), or_existing=True),
        "the project is already there; it cannot be made again",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_refusal_says_what_is_needed(name: str) -> None:
    who, element, sentence = SENTENCES[name]

    assert str(refused(DearDiaryError, who, element)) == sentence


# What people may do about themselves.

each_user = pytest.mark.parametrize("user", [who.user_id for who in WHO.values()][2:], ids=list(WHO)[2:])


@each_user
def test_names_and_password_are_ones_own(user: int) -> None:
    store = the_diary()
    names = {"first_name": "Ada", "last_name": "Lovelace", "password": "new"}

    tell(Principal(user_id=user), Patch(User, user, names), store=store)

    changed = row(store, User, user)
    assert {name: getattr(changed, name) for name in names} == names


@each_user
def test_nobody_raises_themselves(user: int) -> None:
    refused(AdminRequired, Principal(user_id=user), Patch(User, user, {"first_name": "A", "is_admin": True}))


@each_user
def test_nobody_lowers_themselves_either(user: int) -> None:
    refused(AdminRequired, Principal(user_id=user), Patch(User, user, {"is_admin": False}))


@each_user
def test_an_account_is_an_administrators_to_delete(user: int) -> None:
    refused(AdminRequired, Principal(user_id=user), Drop(User, user))


def test_one_who_is_gone_changes_nothing() -> None:
    refused(NotFound, Principal(user_id=99), Patch(User, 99, {"first_name": "Ghost"}))


# Who may see what.

SEEN = """
                owner admin none c    r       u    d    rc      ru      rd      all     other maker
User            1-13  1-13  11   3    3-10,13 5    6    3-10,13 3-10,13 3-10,13 3-10,13 2,13  12
Project         1-3   1-3   -    -    1       -    -    1       1       1       1       2     3
UserPermission  1-12  1-12  -    3    1,3-10  5    6    1,3-10  1,3-10  1,3-10  1,3-10  2,11  12
Experiment      1-4   1-4   -    -    1,3     -    -    1,3     1,3     1,3     1,3     2,4   -
Iteration       1-4   1-4   -    -    1,3     -    -    1,3     1,3     1,3     1,3     2,4   -
Parameter       1,2   1,2   -    -    1       -    -    1       1       1       1       2     -
Summary         1,2   1,2   -    -    1       -    -    1       1       1       1       2     -
Resource        1,2   1,2   -    -    1       -    -    1       1       1       1       2     -
Tag             1-4   1-4   -    -    1,4     -    -    1,4     1,4     1,4     1,4     2,4   -
Tagging         1-5   1-5   -    -    1,3,5   -    -    1,3,5   1,3,5   1,3,5   1,3,5   2,4   -
Model           1,2   1,2   -    -    1       -    -    1       1       1       1       2     -
ModelVersion    1,2   1,2   -    -    1       -    -    1       1       1       1       2     -
Text            1,2   1,2   -    -    -       -    -    -       -       -       -       -     -
Writer          1-3   1-3   3    -    1       -    -    1       1       1       1       2     -
"""


def numbers(cell: str) -> list[int]:
    """Return the ids that a cell says: `-` none, `1-3,7` four."""
    spans = [part.partition("-") for part in cell.split(",") if part != "-"]
    return [id for first, _, last in spans for id in range(int(first), int(last or first) + 1)]


def test_every_kind_that_may_be_asked_for_is_in_the_table() -> None:
    wanted = {kind.__name__ for kind in kinds().values() if kind.declared.find and kind not in INNER}

    assert {name for name, _ in lines(SEEN)} == wanted


@cells(SEEN)
def test_who_may_see_what(name: str, who: Principal, cell: str) -> None:
    page = Guarded(the_diary(), who).find(Query(kinds()[name], total=True))

    assert [row.id for row in page.rows] == numbers(cell)
    assert page.total == len(numbers(cell))


@cells(SEEN)
def test_pages_and_totals_count_what_may_be_seen(name: str, who: Principal, cell: str) -> None:
    diary = Guarded(the_diary(), who)
    found, after = [], None

    for _ in range(20):
        page = diary.find(Query(kinds()[name], order="-id", limit=2, after=after, total=True))
        found += [row.id for row in page.rows]
        assert page.total == len(numbers(cell))
        after = page.next
        if after is None:
            break

    assert found == numbers(cell)[::-1]


@cells(SEEN)
def test_what_may_not_be_seen_is_not_found_by_its_id(name: str, who: Principal, cell: str) -> None:
    diary = Guarded(the_diary(), who)

    found = [id for id in range(1, 15) if diary.find(Query(kinds()[name], id)).rows]

    assert found == numbers(cell)


@pytest.mark.parametrize("kind", [kind for kind in kinds().values() if kind not in (*INNER, Metric, User)])
def test_what_may_be_seen_is_seen_as_it_is(kind: Any) -> None:
    store = the_diary()

    seen = Guarded(store, READER).find(Query(kind, large=True)).rows

    assert seen == [row for row in store.find(Query(kind, large=True)).rows if row in seen]
    assert bool(seen) is (kind is not Text)


@pytest.mark.parametrize(
    "where", [param("lr") == 0.1, metric("loss") < 1, tagged("iris"), asked("project.name").like("I*")]
)
def test_runs_are_chosen_by_whatever_may_be_asked_of_them(where: Condition) -> None:
    assert ids(Guarded(the_diary(), READER), Iteration, where & (asked("name") == "plain")) == [1]


@pytest.mark.parametrize("kind", [Project, UserPermission, Tag, Summary])
def test_only_runs_are_chosen_by_their_parameters(kind: Any) -> None:
    raised(Invalid, lambda: Guarded(the_diary(), READER).find(Query(kind, param("lr") == 0.1)))


def test_users_are_not_chosen_by_parameters_either() -> None:
    raised(AdminRequired, lambda: Guarded(the_diary(), READER).find(Query(User, param("username") == "r")))


@everyone
def test_points_are_not_found_as_rows(who: Principal) -> None:
    raised(Invalid, lambda: Guarded(the_diary(), who).find(Query(Metric)))


POINTS = {
    "everything": SeriesQuery(),
    "runs 1, 2": SeriesQuery(iterations=(1, 2)),
    "run 2": SeriesQuery(iterations=(2,)),
    "points": SeriesQuery(ids=(SECOND, FIRST, SECOND + 1)),
    "point 2": SeriesQuery(ids=(SECOND,)),
    "keys": SeriesQuery(keys=("loss",), limit=5, repeats="last"),
    "absent": SeriesQuery(iterations=(99,)),
    "no point": SeriesQuery(ids=(5, -1, 0)),
}

SEEN_POINTS = """
                owner admin none c    r       u    d    rc      ru      rd      all     other maker
everything      1,2   1,2   -    -    1       -    -    1       1       1       1       2     -
runs 1, 2       1,2   1,2   -    -    1       -    -    1       1       1       1       2     -
run 2           2     2     -    -    -       -    -    -       -       -       -       2     -
points          1,2   1,2   -    -    1       -    -    1       1       1       1       2     -
point 2         2     2     -    -    -       -    -    -       -       -       -       2     -
keys            1,2   1,2   -    -    1       -    -    1       1       1       1       2     -
absent          -     -     -    -    -       -    -    -       -       -       -       -     -
no point        -     -     -    -    -       -    -    -       -       -       -       -     -
"""


@cells(SEEN_POINTS)
def test_who_may_see_which_points(name: str, who: Principal, cell: str) -> None:
    found = Guarded(the_diary(), who).series(POINTS[name])

    assert [(one.iteration_id, one.total) for one in found] == [(run, 1) for run in numbers(cell)]


@everyone
@pytest.mark.parametrize(
    "query", [SeriesQuery(max_points=3), SeriesQuery(ids=(SECOND,), iterations=(1,)), SeriesQuery(limit=-1)]
)
def test_a_series_query_is_wrong_for_everyone_alike(query: SeriesQuery, who: Principal) -> None:
    raised(Invalid, lambda: Guarded(the_diary(), who).series(query))


# People, as others see them.


@everyone
def test_a_password_is_in_no_answer(who: Principal) -> None:
    found = Guarded(the_diary(), who).find(Query(User, large=True)).rows

    assert {user.password for user in found} <= {""}


PASSWORD = asked("password") == "secret"


@everyone
@pytest.mark.parametrize(
    "query",
    [
        Query(User, PASSWORD),
        Query(User, asked("password").like("s*") | EVERY),
        Query(User, ~asked("password").among(["x"])),
        Query(User, asked("password").is_none()),
        Query(User, order="password"),
        Query(UserPermission, asked("user.password") == "secret"),
        Query(UserPermission, order="-user.password"),
    ],
    ids=["compared", "like", "among", "none", "order", "above", "order above"],
)
def test_a_password_is_in_no_condition_and_no_order(query: Query[Any], who: Principal) -> None:
    wanted = Invalid if who.is_admin else AdminRequired

    raised(wanted, lambda: Guarded(the_diary(), who).find(query))


@everyone
@pytest.mark.parametrize(
    "element",
    [
        Expect(User, PASSWORD),
        Expect(User, PASSWORD, found=False),
        Expect(UserPermission, asked("user.password") == "secret"),
        Patch(User, PASSWORD, {"first_name": "x"}),
        Drop(User, PASSWORD),
        Drop(UserPermission, asked("user.password") == "secret"),
    ],
    ids=["expected", "expected not", "expected above", "patch", "drop", "drop above"],
)
def test_a_password_is_in_no_batch(element: Element, who: Principal) -> None:
    assert answer(who, element) is (Invalid if who.is_admin else AdminRequired)


def test_others_are_seen_by_their_names_only() -> None:
    store = the_diary(Patch(User, MATE, {"first_name": "May", "last_name": "T"}))

    seen = row(Guarded(store, READER), User, MATE)

    assert seen == User(id=MATE, username="mate", first_name="May", last_name="T", created_date=EPOCH)


def test_one_sees_all_of_oneself_but_the_password() -> None:
    seen = row(Guarded(the_diary(), READER), User, 4)

    assert seen == User(id=4, username="r", created_date=NOON)


def test_administrators_see_all_of_everyone_but_the_password() -> None:
    seen = row(Guarded(the_diary(), ADMIN), User, MATE)

    assert seen == User(id=MATE, username="mate", is_admin=True, created_date=NOON)


@pytest.mark.parametrize("name", ["is_admin", "created_date"])
def test_others_are_not_chosen_or_sorted_by_what_is_not_seen_of_them(name: str) -> None:
    diary = Guarded(the_diary(), READER)

    queries: list[Query[Any]] = [
        Query(User, order=name),
        Query(User, by_id(1) | ~asked(name).is_none()),
        Query(UserPermission, order=f"-user.{name}"),
        Query(UserPermission, by_id(1) | ~asked(f"user.{name}").is_none()),
    ]

    for query in queries:
        with pytest.raises(AdminRequired, match=f"only an administrator may ask users for `(user.)?{name}`"):
            diary.find(query)


@pytest.mark.parametrize("name", ["id", "username", "first_name", "last_name"])
def test_others_are_chosen_and_sorted_by_what_is_seen_of_them(name: str) -> None:
    diary = Guarded(the_diary(), READER)

    users = diary.find(Query(User, ~asked(name).is_none(), order=name)).rows
    permissions = diary.find(Query(UserPermission, ~asked(f"user.{name}").is_none(), order=f"user.{name}")).rows

    assert sorted(user.id for user in users) == numbers("3-10,13")
    assert sorted(permission.id for permission in permissions) == numbers("1,3-10")


def test_administrators_choose_and_sort_users_by_anything_shown() -> None:
    found = Guarded(the_diary(), ADMIN).find(Query(User, asked("is_admin") == True, order="-created_date"))  # noqa: E712

    assert [user.id for user in found.rows] == [1, MATE]


@pytest.mark.parametrize("path", ["project.name", "project.description", "project.id", "project.created_date"])
def test_ones_own_permission_tells_nothing_of_a_project_that_one_may_not_read(path: str) -> None:
    diary = Guarded(the_diary(), WHO["c"])

    for query in (Query(UserPermission, ~asked(path).is_none()), Query(UserPermission, order=path)):
        assert diary.find(query).rows == []


def test_ones_own_permission_is_found_by_the_project_that_one_may_read() -> None:
    diary = Guarded(the_diary(), READER)

    found = diary.find(Query(UserPermission, (asked("project.name") == "Iris") & (asked("user_id") == 4)))

    assert [permission.id for permission in found.rows] == [4]


def test_long_texts_come_with_a_run_that_may_be_read() -> None:
    diary = Guarded(the_diary(), READER)

    assert row(diary, Iteration, 1).project_toml == "[project 1]"
    assert [run.project_toml for run in diary.find(Query(Iteration)).rows] == [None, None]
    assert [run.project_toml for run in diary.find(Query(Iteration, large=True)).rows] == ["[project 1]", ""]


# What may not be seen is as if it were not there.

Probe: TypeAlias = Callable[[int], Told]


def probes_of(kind: Any) -> Iterator[tuple[str, Probe]]:
    """Yield the ways to touch a row of a kind, by its number."""
    noun, values = kind.declared.noun, VALUES.get(kind)
    yield f"expect a {noun}", lambda n: Expect(kind, met(n))
    yield f"expect no {noun}", lambda n: Expect(kind, n, found=False)
    if values is not None:
        yield f"change a {noun}", lambda n: Patch(kind, n, values)
        yield f"change a {noun} if", lambda n: Patch(kind, met(n), values)
    if values is not None and kind.declared.drop:
        yield f"drop a {noun}", lambda n: Drop(kind, n)
        yield f"drop a {noun} if", lambda n: Drop(kind, met(n))


PROBES: Mapping[str, Probe] = {
    **{name: probe for kind in kinds().values() if kind not in (*INNER, Metric) for name, probe in probes_of(kind)},
    "change a point": lambda n: Patch(Metric, point_id(n, 0), {"value": 1.0}),
    "drop a point": lambda n: Drop(Metric, point_id(n, 0)),
    "change a user": lambda n: Patch(User, n, {"first_name": "x"}),
    "change a rank": lambda n: Patch(User, n, {"is_admin": True}),
    "drop a user": lambda n: Drop(User, n),
    "change a permission": lambda n: Patch(UserPermission, n, {"read_permission": True}),
    "drop a permission": lambda n: Drop(UserPermission, n),
    "change a tag": lambda n: Patch(Tag, n, {"value": "x"}),
    "drop a tag": lambda n: Drop(Tag, n),
    "drop a text": lambda n: Drop(Text, n),
    "drop a writer": lambda n: Drop(Writer, n),
    "make an experiment": lambda n: an_experiment(-1, n),
    "make a finished experiment": lambda n: an_experiment(-1, n, status_id=2),
    "make a model": lambda n: Insert(Model(id=-1, project_id=n, name="tree")),
    "make a run": lambda n: a_run(-1, n),
    "make a child": lambda n: a_run(-1, IRIS, parent_iteration_id=n),
    "make a run of a writer": lambda n: a_run(-1, IRIS, writer_id=n),
    "change a run's writer": lambda n: Patch(Iteration, IRIS, {"writer_id": n}),
    "change runs' writers": lambda n: Patch(Iteration, met(), {"writer_id": n}),
    "make a parameter": lambda n: a_parameter("lr", "1", run=n),
    "make a parameter or find it": lambda n: Insert(
        Parameter(id=-1, iteration_id=n, key="lr", value="1"), or_existing=True
    ),
    "make points": lambda n: Append(n, points(loss=[0.5])),
    "make a resource": lambda n: a_resource(-1, n),
    "make a resource of a run": lambda n: a_resource(-1, IRIS, iteration_id=n),
    "make a version of a model": lambda n: a_version(-1, n, IRIS),
    "make a version of a run": lambda n: a_version(-1, IRIS, n),
    "make a version of a resource": lambda n: Insert(
        ModelVersion(id=-1, model_id=IRIS, iteration_id=IRIS, resource_id=n)
    ),
    "give a version a resource": lambda n: Patch(ModelVersion, IRIS, {"resource_id": n}),
    "tag a project": lambda n: a_tag(-1, "x", "Project", n),
    "tag an experiment": lambda n: a_tag(-1, "x", "Experiment", n),
    "tag a run": lambda n: a_tag(-1, "x", "Iteration", n),
    "tag with a tag": lambda n: a_tagging("Iteration", IRIS, n),
    "a permission": lambda n: permission(-1, 10, n, "r"),
}


def what_is_told(store: Store, who: Principal, said: Told, id: int) -> list[object]:
    """Return all that an answer tells, with a mark where it speaks of an id."""
    try:
        tell(who, *(said if isinstance(said, list) else [said]), store=store)
    except DearDiaryError as error:
        text = str(error).replace(str(point_id(id, 0)), "#").replace(str(id), "#")
        return [type(error), error.status, error.code, text, error.kind, "#" if error.id == id else error.id]
    return []


@pytest.mark.parametrize("who", [ALL, READER, STRANGER, MAKER], ids=["all", "reader", "stranger", "maker"])
@pytest.mark.parametrize("name", PROBES)
def test_what_may_not_be_seen_answers_like_what_is_not_there(name: str, who: Principal) -> None:
    unseen = what_is_told(the_diary(), who, PROBES[name](MICE), MICE)
    absent = what_is_told(the_diary(), who, PROBES[name](99), 99)

    assert unseen == absent


OF_OTHERS: Mapping[str, Any] = {
    "a run that has ended": (Iteration, asked("end_date") == at(1), {"status_id": IterationStatus.KILLED}),
    "parameters of ended runs": (Parameter, asked("iteration_id") == 4, {"value": "9"}),
    "a project by its name": (Project, asked("name") == "Mice", {"name": "new"}),
    "a model by its name and project": (Model, asked("project.name") == "Mice", {"name": "new"}),
    "everything in production": (ModelVersion, asked("stage_id") == 3, {"stage_id": 4}),
}


@pytest.mark.parametrize("how", ["patch", "drop"])
@pytest.mark.parametrize("who", [ALL, STRANGER, MAKER], ids=["all", "stranger", "maker"])
@pytest.mark.parametrize("name", OF_OTHERS)
def test_a_condition_on_what_may_not_be_seen_meets_nothing(name: str, who: Principal, how: str) -> None:
    kind, where, values = OF_OTHERS[name]
    store = the_diary(a_parameter("seed", "1", run=4), Patch(ModelVersion, MICE, {"stage_id": 3}))
    before = the_rows(store)

    tell(who, Patch(kind, where, values) if how == "patch" else Drop(kind, where), store=store)

    assert the_rows(store) == before


# Changes by condition.


def test_a_change_by_condition_leaves_alone_what_may_not_be_seen() -> None:
    store = the_diary()

    tell(ALL, Patch(Iteration, EVERY, {"status_id": IterationStatus.KILLED, "notes": "stopped"}), store=store)

    assert [run.notes for run in store.find(Query(Iteration)).rows] == ["stopped", "", "stopped", ""]


def test_a_drop_by_condition_leaves_alone_what_may_not_be_seen() -> None:
    store = the_diary()

    tell(ALL, Drop(Project, EVERY), store=store)

    assert ids(store, Project) == [MICE, OWN]


def test_a_change_by_condition_is_refused_for_one_row_that_may_not_be_changed() -> None:
    store = the_diary(permission(-1, 10, MICE, "rcd"))

    error = refused(Forbidden, ALL, Patch(Iteration, EVERY, {"notes": "mine"}), store=store)

    assert (str(error), error.kind, error.id) == (
        "the update permission is needed in the project of each run",
        "Iteration",
        MICE,
    )
    tell(ALL, Patch(Iteration, asked("project_id") == IRIS, {"notes": "mine"}), store=store)


def test_a_change_by_condition_is_refused_for_one_row_that_is_locked() -> None:
    store = the_diary(Patch(Iteration, 3, {"end_date": at(5)}))

    error = refused(Unprocessable, ALL, Patch(Iteration, EVERY, {"status_id": 2}), store=store)

    assert (str(error), error.kind, error.id) == ("a run has ended", "Iteration", 3)
    tell(ALL, Patch(Iteration, EVERY, {"notes": "free"}), store=store)


def test_permission_comes_before_rules() -> None:
    store = the_diary(Patch(Iteration, 1, {"end_date": at(5)}), Patch(Experiment, 1, {"status_id": 2}))

    for change in (
        Patch(Iteration, 1, {"status_id": 2}),
        Patch(Iteration, EVERY, {"status_id": 2}),
        Drop(Parameter, 1),
        Drop(Metric, FIRST),
        a_run(-1, 1),
        a_parameter("k", "v", run=1),
    ):
        refused(Forbidden, READER, change, store=store)


# Writers and streams.


def stream(who: Principal, store: Store, writer: int, stop: int, *elements: Element, start: int = 0) -> Receipt:
    """Send a part of a writer's journal."""
    part = Stream(writer=uid(writer), start=start, stop=stop, at=NOON)
    return Guarded(store, who).apply(Batch(elements, stream=part))


def test_a_stream_goes_where_its_writer_may_create() -> None:
    store = the_diary()

    receipt = stream(ALL, store, 9, 10, Expect(Iteration, 1), Append(1, points(loss=[0.25])))

    assert receipt.position == 10
    assert row(store, Writer, 4).user_id == 10


@pytest.mark.parametrize(
    ("who", "run", "error"),
    [
        (READER, 1, Forbidden),
        (WHO["c"], 1, NotFound),
        (ALL, 2, NotFound),
        (STRANGER, 1, NotFound),
        (OWNER, 99, NotFound),
    ],
)
def test_a_stream_that_is_refused_moves_nobody(who: Principal, run: int, error: type[DearDiaryError]) -> None:
    store = the_diary()

    raised(error, lambda: stream(who, store, 9, 10, Append(run, points(loss=[0.25]))))

    assert ids(store, Writer) == [1, 2, 3]


@pytest.mark.parametrize("who", [OTHER, ADMIN, OWNER, STRANGER], ids=["other", "admin", "owner", "stranger"])
def test_a_writer_is_one_users(who: Principal) -> None:
    store = the_diary()
    stream(ALL, store, 9, 10, Append(1, points(loss=[0.25])))

    for start, stop in ((0, 10), (10, 20), (10, 10), (50, 60)):
        with pytest.raises(Forbidden, match=f"writer {uid(9)} belongs to another user"):
            stream(who, store, 9, stop, start=start)


def test_a_writer_learns_where_it_stands_even_without_permission() -> None:
    store = the_diary()
    stream(ALL, store, 9, 10, Append(1, points(loss=[0.25])))
    store.apply(Batch([Drop(UserPermission, 10)]))

    assert stream(ALL, store, 9, 10, Append(1, points(loss=[0.25]))).position == 10
    raised(NotFound, lambda: stream(ALL, store, 9, 20, Append(1, points(loss=[0.25])), start=10))
    assert raised(Misplaced, lambda: stream(ALL, store, 9, 30, start=20)).position == 10


@pytest.mark.parametrize(
    ("who", "claimed", "owner"),
    [
        (ALL, None, 10),
        (ALL, 11, 10),
        (STRANGER, 10, 11),
        (ADMIN, None, 1),
        (ADMIN, 11, 11),
        (OWNER, 11, 11),
        (OWNER, None, None),
    ],
)
def test_a_writer_belongs_to_its_maker_unless_an_administrator_says_whose_it_is(
    who: Principal, claimed: int | None, owner: int | None
) -> None:
    store = the_diary()

    tell(who, Insert(Writer(id=-1, user_id=claimed)), store=store)

    assert row(store, Writer, 4).user_id == owner


@pytest.mark.parametrize("or_existing", [False, True])
def test_nobody_takes_the_writer_of_another(or_existing: bool) -> None:
    writer = Insert(Writer(id=-1, uid=uid(2)), or_existing=or_existing)

    refused(Forbidden, ALL, writer, Patch(Iteration, 1, {"writer_id": -1}))


def test_ones_own_writer_is_found_again() -> None:
    receipt = tell(ALL, Insert(Writer(id=-1, uid=uid(1)), or_existing=True), Patch(Iteration, 3, {"writer_id": -1}))

    assert receipt.ids == {(Writer, -1): 1}
    assert receipt.found == {(Writer, -1)}


NAMES_WRITER: Mapping[str, Callable[[int], Element]] = {
    "new run": lambda writer: a_run(-1, 1, writer_id=writer),
    "old run": lambda writer: Patch(Iteration, 3, {"writer_id": writer}),
    "runs by condition": lambda writer: Patch(Iteration, EVERY, {"writer_id": writer}),
}


@pytest.mark.parametrize("name", NAMES_WRITER)
def test_a_run_names_a_writer_of_who_changes_it(name: str) -> None:
    change = NAMES_WRITER[name]

    tell(ALL, change(1))
    tell(ALL, Patch(Iteration, 1, {"writer_id": None}))
    refused(NotFound, ALL, change(2))
    refused(NotFound, ALL, change(3))
    refused(NotFound, ALL, change(99))


@pytest.mark.parametrize("name", ["new run", "old run"])
def test_a_writer_that_is_only_seen_is_not_ones_own_to_name(name: str) -> None:
    store = the_diary(permission(-1, 11, IRIS, "crud"))

    assert ids(Guarded(store, STRANGER), Writer) == [1, 3]
    refused(NotFound, STRANGER, NAMES_WRITER[name](1), store=store)
    tell(STRANGER, NAMES_WRITER[name](3), store=store)


@pytest.mark.parametrize("name", NAMES_WRITER)
def test_an_administrator_names_any_writer(name: str) -> None:
    tell(ADMIN, NAMES_WRITER[name](2) if name != "runs by condition" else Patch(Iteration, met(), {"writer_id": 2}))


# Tags.


def test_a_tag_is_made_with_what_carries_it() -> None:
    store = the_diary()

    receipt = tell(ALL, *a_tag(-1, "new", "Iteration", 1), store=store)

    assert receipt.ids == {(Tag, -1): 5, (Tagging, -1): 6}
    assert ids(Guarded(store, READER), Tag) == [1, 4, 5]
    assert ids(Guarded(store, OTHER), Tag) == [2, 4]


@pytest.mark.parametrize("tag", [1, 3, 99])
def test_a_tag_that_may_not_be_seen_is_not_there_to_be_carried(tag: int) -> None:
    refused(NotFound, OTHER, a_tagging("Iteration", MICE, tag))


def test_a_tag_may_come_before_or_after_what_carries_it_but_not_alone() -> None:
    tag, tagging = a_tag(-1, "new", "Experiment", -1)

    tell(ALL, tag, an_experiment(-1, IRIS), tagging)
    refused(AdminRequired, ALL, tag, an_experiment(-1, IRIS), a_tagging("Experiment", -1, 1))


# Projects, and who makes them.

ALL_FOUR = {f"{action}_permission": True for action in ("create", "read", "update", "delete")}


def permissions(store: Store, project: int) -> list[tuple[int, dict[str, bool]]]:
    """Return who holds which permissions on a project."""
    found = store.find(Query(UserPermission, asked("project_id") == project)).rows
    return [(one.user_id, {name: getattr(one, name) for name in ALL_FOUR}) for one in found]


@pytest.mark.parametrize(
    ("who", "holders"), [(MAKER, [12]), (ADMIN, [1]), (OWNER, [])], ids=["maker", "admin", "owner"]
)
@pytest.mark.parametrize("or_existing", [False, True])
def test_the_maker_of_a_project_holds_all_permissions_on_it(
    who: Principal, holders: list[int], or_existing: bool
) -> None:
    store = the_diary()

    tell(who, Insert(Project(id=-1, name="New"), or_existing=or_existing), store=store)

    assert permissions(store, 4) == [(user, ALL_FOUR) for user in holders]


@pytest.mark.parametrize("who", [ADMIN, READER, OWNER], ids=["admin", "reader", "owner"])
def test_who_finds_a_project_has_not_made_it(who: Principal) -> None:
    store = the_diary()
    before = permissions(store, IRIS)

    receipt = tell(who, Insert(Project(id=-1, uid=uid(IRIS), name="Mine"), or_existing=True), store=store)

    assert receipt.ids == {(Project, -1): IRIS}
    assert receipt.found == {(Project, -1)}
    assert permissions(store, IRIS) == before


def test_a_project_that_is_found_permits_no_more_than_before() -> None:
    tell(ALL, FIND_IRIS, an_experiment(-1, -1))
    refused(Forbidden, READER, FIND_IRIS, an_experiment(-1, -1))
    refused(Forbidden, READER, FIND_IRIS, Drop(Project, -1))


def test_a_project_that_is_there_is_not_made_again_under_its_uid() -> None:
    refused(Duplicate, MAKER, a_project(-1, uid=uid(IRIS)))
    refused(Duplicate, ADMIN, a_project(-1, uid=uid(IRIS)))


def test_who_finds_a_project_may_not_make_it_under_its_uid() -> None:
    refused(AdminRequired, READER, FIND_IRIS, a_project(-2, uid=uid(IRIS)))


def test_a_project_that_came_meanwhile_with_its_permissions_is_found() -> None:
    store = Attended(the_diary(), (a_project(-1, uid=uid(7)), permission(-1, 1, -1, "r")))

    receipt = tell(ADMIN, Insert(Project(id=-1, uid=uid(7), name="Seven"), or_existing=True), store=store)

    assert receipt.ids == {(Project, -1): 4}
    assert receipt.found == {(Project, -1)}


@everyone
def test_a_receipt_shows_what_its_sender_promised_and_nothing_else(who: Principal) -> None:
    low = -(2**63)
    elements = [a_project(low), a_project(-(2**62) - 1), a_project(-1), Insert(Writer(id=low))]
    if not (who.is_admin or who.creates_projects):
        elements = [Insert(Writer(id=low))]

    receipt = tell(who, *elements)

    promises = [(type(one.entity), one.entity.id) for one in elements]
    assert list(receipt.ids) == promises
    assert receipt.found == frozenset()


# Within one batch.


def test_what_a_maker_makes_is_theirs_at_once() -> None:
    tell(
        MAKER,
        a_project(),
        an_experiment(),
        a_run(),
        a_parameter("k", "v"),
        Append(-1, points(loss=[0.5])),
        *a_tag(-1, "new", "Project", -1),
        Patch(Project, -1, {"name": "Renamed"}),
        Patch(Iteration, asked("experiment_id") == -1, {"notes": "new"}),
        Drop(Parameter, -1),
        Drop(Experiment, -1),
        Drop(Project, -1),
    )


def test_what_is_born_in_a_batch_may_be_filled_by_who_may_create() -> None:
    born: list[Element] = [an_experiment(-1, IRIS), a_run(), a_parameter("k", "v"), Append(-1, points(loss=[0.5]))]

    tell(WHO["rc"], *born, a_resource(-1, -1, iteration_id=-1), *a_tag(-1, "new", "Iteration", -1))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Patch(Iteration, -1, {"notes": "x"}), "the update permission is needed in the project of run -1"),
        (Drop(Experiment, -1), "the delete permission is needed in the project of experiment -1"),
        (Patch(Iteration, asked("id") == -1, {}), "the update permission is needed in the project of run -1"),
        (Drop(Parameter, asked("key") == "k"), "the delete permission is needed in the project of each parameter"),
    ],
)
def test_what_is_born_in_a_batch_is_changed_by_who_may_change_it(change: Element, sentence: str) -> None:
    born: list[Element] = [an_experiment(-1, IRIS), a_run(), a_parameter("k", "v")]

    assert str(refused(Forbidden, WHO["rc"], *born, change)) == sentence
    tell(ALL, *born, change)


BELOW: Mapping[str, list[Element]] = {
    "a run": [a_run(-2, -1)],
    "a resource": [a_resource(-2, -1)],
    "a tag": a_tag(-2, "new", "Experiment", -1),
    "a parameter": [a_parameter("k", "v", number=-2, run=-1)],
    "points": [Append(-1, points(loss=[0.5]))],
    "a version": [a_version(-2, IRIS, -1)],
}


@pytest.mark.parametrize("who", [OWNER, ALL], ids=["owner", "all"])
@pytest.mark.parametrize("name", BELOW)
def test_what_is_dropped_in_the_batch_that_made_it_is_not_there(name: str, who: Principal) -> None:
    born: list[Element] = [an_experiment(-1, IRIS), a_run(-1, -1)]
    wanted = Unprocessable if name == "a version" else NotFound

    refused(wanted, who, *born, Drop(Experiment, -1), *BELOW[name])
    tell(who, *born, *BELOW[name])


@pytest.mark.parametrize("who", [OWNER, ALL], ids=["owner", "all"])
@pytest.mark.parametrize("end", [by_id(-1), asked("experiment_id") == 1], ids=["by id", "by condition"])
def test_what_is_ended_in_the_batch_that_made_it_has_ended(end: Condition, who: Principal) -> None:
    story: list[Element] = [a_run(-1, 1), a_parameter("k", "v"), Patch(Iteration, end, {"end_date": at(1)})]

    error = refused(Unprocessable, who, *story, a_parameter("l", "v", number=-2))

    assert str(error) == "run -1 has ended"
    tell(who, *story, Append(-1, points(loss=[0.5])))


def test_permission_goes_with_the_project() -> None:
    refused(NotFound, ALL, an_experiment(-1, IRIS), Drop(Project, IRIS), an_experiment(-2, IRIS))
    refused(NotFound, MAKER, a_project(), Drop(Project, -1), an_experiment())
    error = refused(NotFound, ALL, Drop(Project, IRIS), FIND_IRIS)

    assert str(error) == "the project was dropped meanwhile"


def test_an_administrator_needs_no_permission_and_is_stopped_by_none() -> None:
    tell(ADMIN, permission(-1, 1, IRIS, ""), an_experiment(-1, IRIS), Drop(UserPermission, -1), a_run())


def test_a_permission_holds_from_the_next_batch_on() -> None:
    store = the_diary()

    tell(ADMIN, Drop(UserPermission, 10), permission(-1, 11, IRIS, "crud"), store=store)

    tell(STRANGER, an_experiment(-1, IRIS), store=store)
    refused(NotFound, ALL, an_experiment(-1, IRIS), store=store)


def test_nobody_grants_themselves_anything_in_a_batch() -> None:
    for grant in (
        Patch(UserPermission, 4, ALL_FOUR),
        Patch(User, 4, {"is_admin": True}),
        permission(-1, 4, MICE, "crud"),
    ):
        refused(AdminRequired, READER, grant, an_experiment(-1, IRIS))


# Between looking and doing.


UNREAD, UNCREATED = {"read_permission": False}, {"create_permission": False}

RACES: Mapping[str, tuple[Principal, Element, Element, type[DearDiaryError]]] = {
    "may not create any more": (ALL, Patch(UserPermission, 10, UNCREATED), an_experiment(-1, IRIS), Forbidden),
    "may not read any more": (ALL, Patch(UserPermission, 10, UNREAD), an_experiment(-1, IRIS), NotFound),
    "may not find any more": (ALL, Patch(UserPermission, 10, UNREAD), FIND_IRIS, NotFound),
    "is no member any more": (ALL, Drop(UserPermission, 10), FIND_IRIS, NotFound),
    "the project went": (ALL, Drop(Project, IRIS), FIND_IRIS, NotFound),
    "another project stayed": (Principal(user_id=MATE), Drop(Project, IRIS), FIND_IRIS, NotFound),
    "the project came": (
        MAKER,
        a_project(-1, uid=uid(7)),
        Insert(Project(id=-1, uid=uid(7), name="Seven"), or_existing=True),
        Duplicate,
    ),
}


@pytest.mark.parametrize("name", RACES)
def test_permission_is_read_when_the_batch_is_applied(name: str) -> None:
    who, happens, element, wanted = RACES[name]

    tell(who, element)
    refused(wanted, who, element, store=Attended(the_diary(), (happens,)))


# Once.


@everyone
def test_a_batch_keeps_its_id_time_and_digest_while_the_guard_adds_to_it(who: Principal) -> None:
    store = Attended(the_diary())
    batch = Batch([Insert(Writer(id=-1)), Expect(Project, EVERY), an_experiment(-1, IRIS), a_run()], at=at(3))

    try:
        Guarded(store, who).apply(batch)
    except DearDiaryError:
        pass

    (heard,) = store.batches
    assert evolve(heard, elements=batch.elements, principal=None) == batch
    assert heard.principal == who.user_id
    assert len(heard.elements) > len(batch.elements)


def test_a_stream_keeps_its_part_of_the_journal() -> None:
    store = Attended(the_diary())

    stream(ALL, store, 9, 10, Append(1, points(loss=[0.25])))

    (heard,) = store.batches
    assert heard.stream == Stream(writer=uid(9), start=0, stop=10, at=NOON)
    assert heard.principal == 10


def test_a_batch_is_once_through_the_guard() -> None:
    store = the_diary()
    batch = Batch([a_project(-1, uid=uid(7)), Insert(Project(id=-2, uid=uid(8), name="8"), or_existing=True)])
    first = Guarded(store, MAKER).apply(batch)
    before = the_rows(store)

    again = Guarded(store, MAKER).apply(batch)

    assert again == first
    assert list(again.ids) == [(Project, -1), (Project, -2)]
    assert the_rows(store) == before


def test_a_batch_is_once_whatever_its_sender_may_do_by_now() -> None:
    store = the_diary()
    batch = Batch([an_experiment(-1, IRIS)])
    first = Guarded(store, ALL).apply(batch)
    store.apply(Batch([Drop(Project, IRIS)]))

    assert Guarded(store, ALL).apply(batch) == first


def test_a_batch_belongs_to_who_sent_it() -> None:
    store = the_diary(permission(-1, 11, IRIS, "crud"))
    batch = Batch([an_experiment(-1, IRIS)])
    Guarded(store, ALL).apply(batch)

    for who in (STRANGER, ADMIN, OWNER):
        with pytest.raises(Invalid, match="another batch has this id; make a new id for each batch"):
            Guarded(store, who).apply(batch)


def test_a_refused_batch_is_judged_anew() -> None:
    store = the_diary()
    batch = Batch([an_experiment(-1, IRIS)])
    raised(Forbidden, lambda: Guarded(store, READER).apply(batch))
    store.apply(Batch([Patch(UserPermission, 4, {"create_permission": True})]))

    assert list(Guarded(store, READER).apply(batch).ids) == [(Experiment, -1)]


# What the guard adds.

OPEN = asked("end_date").is_none()
THERE = Expect(Iteration, 1, otherwise=NotFound, because="run 1 is not there")
RUN_IS_OPEN = Expect(Iteration, by_id(1) & OPEN, because="run 1 has ended")


def added(who: Principal, *elements: Element) -> list[Element]:
    """Return what the guard puts among the elements of a batch."""
    return [element for element in guarded(who, elements) if element not in elements]


def test_what_is_demanded_twice_is_asked_once() -> None:
    one, two = a_parameter("a", "1", number=-1, run=1), a_parameter("b", "2", number=-2, run=1)

    assert guarded(OWNER, (one, two)) == [THERE, RUN_IS_OPEN, one, two]


def test_what_is_demanded_of_two_rows_is_asked_once() -> None:
    there = Expect(Experiment, 1, otherwise=NotFound, because="experiment 1 is not there")
    is_open = Expect(Experiment, by_id(1) & (asked("status_id") == 1), because="experiment 1 is closed")

    assert added(OWNER, a_run(-1, 1), a_resource(-1, 1), a_run(-2, 1)) == [there, is_open]


def test_what_is_demanded_twice_is_asked_twice_if_something_changed_in_between() -> None:
    one, two = a_parameter("a", "1", number=-1, run=1), a_parameter("b", "2", number=-2, run=1)
    note = Patch(Project, 1, {"name": "new"})

    assert guarded(OWNER, (one, note, two)) == [THERE, RUN_IS_OPEN, one, note, THERE, RUN_IS_OPEN, two]


def test_what_the_batch_makes_is_not_asked_for() -> None:
    story: list[Element] = [
        a_project(),
        an_experiment(),
        a_run(),
        a_parameter("k", "v"),
        Append(-1, points(loss=[0.5])),
    ]

    assert added(OWNER, *story, a_run(-2, -1, parent_iteration_id=-1), a_resource(-1, -1, iteration_id=-2)) == []


def test_what_the_batch_finds_is_asked_for() -> None:
    found = Insert(Experiment(id=-1, project_id=1, name="x"), or_existing=True)
    is_open = Expect(Experiment, by_id(-1) & (asked("status_id") == 1), because="experiment -1 is closed")

    assert added(OWNER, found, a_run())[1:] == [
        Expect(Experiment, -1, otherwise=NotFound, because="experiment -1 is not there"),
        is_open,
    ]


def test_what_the_batch_makes_and_changes_is_asked_for() -> None:
    end = Patch(Iteration, -1, {"end_date": at(1)})

    assert added(OWNER, an_experiment(-1, 1), a_run(), end, a_parameter("k", "v"))[2:] == [
        Expect(Iteration, by_id(-1) & OPEN, because="run -1 has ended")
    ]


NARROWABLE = {"change runs by name": Patch(Iteration, asked("name") == "plain", {"notes": "new"})}


@pytest.mark.parametrize("who", [OWNER, ADMIN], ids=["owner", "admin"])
@pytest.mark.parametrize("name", [*CHANGES, *EXPECTATIONS, *NARROWABLE])
def test_what_an_administrator_says_goes_on_as_it_is(name: str, who: Principal) -> None:
    said = {**CHANGES, **EXPECTATIONS, **NARROWABLE}[name]

    *demanded, last = guarded(who, (said,))

    assert last == said
    assert "May(" not in repr(demanded)


def test_the_permission_of_a_member_is_an_expectation() -> None:
    change = Patch(Experiment, 1, {"name": "new"})

    assert guarded(READER, (change,)) == [
        Expect(Experiment, by_id(1) & May(4, "read"), otherwise=NotFound, because="experiment 1 is not there"),
        Expect(
            Experiment,
            by_id(1) & May(4, "update"),
            otherwise=Forbidden,
            because="the update permission is needed in the project of experiment 1",
        ),
        change,
    ]


def test_a_change_by_condition_goes_on_narrowed_to_what_is_seen() -> None:
    named = asked("name") == "x"
    seen = named & May(4, "read")

    assert guarded(READER, (Patch(Iteration, named, {"git_sha": "f"}),)) == [
        Expect(
            Iteration,
            seen & ~May(4, "update"),
            found=False,
            otherwise=Forbidden,
            because="the update permission is needed in the project of each run",
        ),
        Expect(Iteration, seen & ~OPEN, found=False, because="a run has ended"),
        Patch(Iteration, seen, {"git_sha": "f"}),
    ]


def test_closing_the_guard_closes_the_store() -> None:
    store = the_diary()

    Guarded(store).close()

    raised(Unavailable, lambda: store.find(Query(Project)))


def test_nobody_in_particular_sees_and_does_nothing() -> None:
    store, nobody = the_diary(permission(-1, 1, IRIS, "crud")), Principal()

    assert all(ids(Guarded(store, nobody), kind) == [] for kind in (*VALUES, User, UserPermission, Tag, Text, Writer))
    assert Guarded(store, nobody).series(SeriesQuery()) == []
    refused(NotFound, nobody, an_experiment(-1, IRIS), store=store)
    refused(NotFound, nobody, Patch(Project, IRIS, {}), store=store)
    refused(AdminRequired, nobody, a_project(), store=store)
    tell(nobody, Patch(Project, asked("name") == "Iris", {"name": "Mine"}), Drop(Iteration, EVERY), store=store)
    assert row(store, Project, IRIS).name == "Iris"
    assert ids(store, Iteration) == [1, 2, 3, 4]

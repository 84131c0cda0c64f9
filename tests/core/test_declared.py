"""The nouns say of themselves all that a store knows of them."""

from datetime import datetime
from typing import Any, ClassVar

import pytest
from attrs import field, frozen

from core.samples import NOON
from deardiary.core.declared import (
    SUBJECTS,
    Declared,
    Entity,
    Fact,
    Kind,
    changed,
    facts,
    kind_named,
    kinds,
    large,
    lineage,
    made,
    names,
    references,
    referring,
    says,
    setters,
    stored,
    target,
)
from deardiary.core.entities import (
    Experiment,
    Iteration,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Piece,
    Project,
    Resource,
    Summary,
    Tag,
    Tagging,
    Text,
    User,
    UserPermission,
    Writer,
)


@frozen(kw_only=True)
class Kettle:
    """A kind that no diary has."""

    declared: ClassVar = Declared(noun="kettle")

    id: int = field(default=0)
    name: str = field(default="", metadata=says(patch=True))
    litres: float | None = field(default=None)
    boils: bool = field(default=False)
    bought: datetime | None = field(default=None, metadata=says(ask=False))
    whistle: bytes = field(default=b"", metadata=says(large=True, stored=False))


def test_every_kind_is_known_by_its_name() -> None:
    assert list(kinds()) == [
        "User",
        "Project",
        "UserPermission",
        "Experiment",
        "Iteration",
        "Parameter",
        "Metric",
        "Summary",
        "Resource",
        "Tag",
        "Tagging",
        "Model",
        "ModelVersion",
        "Text",
        "Writer",
        "Piece",
        "Blob",
        "Condemned",
        "Putting",
    ]
    assert all(kind_named(name) is kind for name, kind in kinds().items())


def test_the_kinds_cannot_be_changed_from_outside() -> None:
    with pytest.raises(TypeError):
        kinds()["Kettle"] = Kettle  # type: ignore[index]  # as someone might try


def test_an_unknown_kind_is_no_kind() -> None:
    with pytest.raises(KeyError):
        kind_named("Kettle")


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("id", Fact(name="id", sort="number", default=0)),
        ("name", Fact(name="name", sort="text", patch=True, default="")),
        ("litres", Fact(name="litres", sort="number", holds_float=True, optional=True)),
        ("boils", Fact(name="boils", sort="flag", default=False)),
        ("bought", Fact(name="bought", sort="time", optional=True, ask=False)),
        ("whistle", Fact(name="whistle", sort="octets", large=True, stored=False, default=b"")),
    ],
)
def test_a_field_says_facts_by_its_type_and_metadata(name: str, fact: Fact) -> None:
    assert facts(Kettle)[name] == fact


def test_names_come_in_the_order_of_declaration() -> None:
    assert names(Kettle) == ("id", "name", "litres", "boils", "bought", "whistle")
    assert stored(Kettle) == ("id", "name", "litres", "boils", "bought")
    assert large(Kettle) == ("whistle",)


def test_stores_keep_no_resource_uri_and_no_data() -> None:
    assert set(names(Resource)) - set(stored(Resource)) == {"uri", "data"}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Iteration, ("traceback", "project_toml", "manifest_toml")),
        (Text, ("text",)),
        (Piece, ("data",)),
        (Project, ()),
    ],
)
def test_large_fields_are_few(kind: Kind, fields: tuple[str, ...]) -> None:
    assert large(kind) == fields


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Iteration, ["project_id", "project_toml", "manifest_toml"]),
        (Parameter, ["number"]),
        (Tagging, ["project_id"]),
        (ModelVersion, ["version"]),
        (Project, []),
    ],
)
def test_a_store_works_out_numbers_shared_texts_and_what_follows(kind: Kind, fields: list[str]) -> None:
    assert [fact.name for fact in made(kind)] == fields


# What the contract says of fields.


@pytest.mark.parametrize("kind", kinds().values())
def test_ids_owners_and_beginnings_are_never_patched(kind: Kind) -> None:
    never = {"id", "uid", "project_id", "created_date", "version", "parent_iteration_id"}

    wrong = [fact.name for fact in facts(kind).values() if fact.patch and (fact.name in never or fact.owner)]

    assert wrong == []


@pytest.mark.parametrize("kind", kinds().values())
def test_what_is_derived_or_not_stored_is_never_patched(kind: Kind) -> None:
    wrong = [fact.name for fact in facts(kind).values() if fact.patch and (fact.derived or not fact.stored)]

    assert wrong == []


def test_a_password_is_never_asked_for() -> None:
    assert not facts(User)["password"].ask


@pytest.mark.parametrize("kind", kinds().values())
def test_large_fields_are_never_asked_for(kind: Kind) -> None:
    wrong = [fact.name for fact in facts(kind).values() if fact.large and fact.ask]

    assert wrong == []


@pytest.mark.parametrize("kind", [kind for kind in kinds().values() if kind.declared.find])
def test_every_row_is_met_by_its_unique_values(kind: Kind) -> None:
    assert kind.declared.unique
    assert set(kind.declared.unique) <= set(stored(kind))


@pytest.mark.parametrize("kind", [Project, Experiment, Iteration, Resource])
def test_what_is_copied_between_diaries_has_a_uid(kind: Kind) -> None:
    assert kind.declared.unique == ("uid",)


def test_points_are_neither_inserted_nor_found() -> None:
    assert (Metric.declared.insert, Metric.declared.find, Metric.declared.drop) == (False, False, True)
    assert (Summary.declared.insert, Summary.declared.find, Summary.declared.drop) == (False, True, False)


def test_bytes_and_their_marks_are_a_stores_own_affair() -> None:
    assert [name for name, kind in kinds().items() if kind.declared.inner] == ["Piece", "Blob", "Condemned", "Putting"]


# Changing a row.


def test_a_changed_row_is_another_row() -> None:
    project = Project(id=-1, name="Iris", created_date=NOON)

    new = changed(project, id=7, description="flowers")

    assert (new.id, new.name, new.description, new.uid) == (7, "Iris", "flowers", project.uid)
    assert (project.id, project.description) == (-1, "")
    assert isinstance(new, Project)


def test_a_row_changed_in_nothing_equals_itself() -> None:
    project = Project(id=1, name="Iris", created_date=NOON)

    new = changed(project)

    assert new == project
    assert new is not project


def test_there_is_a_setter_for_each_field() -> None:
    assert tuple(setters(Tag)) == names(Tag)


# Who names whom.


def test_a_kind_names_others_in_some_fields() -> None:
    assert [(fact.name, fact.names) for fact in references(Tagging)] == [
        ("project_id", "Project"),
        ("subject_id", "*"),
        ("tag_id", "Tag"),
    ]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Experiment, ["Iteration.experiment_id", "Resource.experiment_id", "Tagging.subject_id"]),
        (Resource, ["ModelVersion.resource_id"]),
        (User, ["UserPermission.user_id", "Writer.user_id", "Putting.user_id"]),
        (Text, []),
    ],
)
def test_a_kind_is_named_by_fields_of_others(kind: Kind, fields: list[str]) -> None:
    assert [f"{other.__name__}.{fact.name}" for other, fact in referring(kind)] == fields


@pytest.mark.parametrize(
    ("kind", "owned"),
    [
        (Project, {"Experiment", "Model", "UserPermission", "Tagging"}),
        (Experiment, {"Iteration", "Resource", "Tagging"}),
        (Iteration, {"Parameter", "Summary", "Tagging", "Resource"}),
        (Model, {"ModelVersion"}),
        (User, {"UserPermission", "Putting"}),
        (Tag, {"Tagging"}),
        (Parameter, set()),
    ],
)
def test_a_kind_owns_what_goes_with_it(kind: Kind, owned: set[str]) -> None:
    assert {other.__name__ for other, fact in referring(kind) if fact.owner} == owned


def test_versions_hold_the_run_and_the_resource_they_name() -> None:
    holding = [(kind.__name__, fact.name) for kind in kinds().values() for fact in references(kind) if fact.holds]

    assert holding == [("ModelVersion", "iteration_id"), ("ModelVersion", "resource_id")]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_subject_of_a_tagging_is_of_the_kind_it_says(subject: str) -> None:
    tagging = Tagging(kind=subject, subject_id=1, tag_id=2)

    kind = target(facts(Tagging)["subject_id"], tagging)

    assert kind is kind_named(subject)


@pytest.mark.parametrize(
    ("row", "name", "kind"),
    [
        (Parameter(iteration_id=1, key="k", value="v"), "iteration_id", Iteration),
        (Iteration(experiment_id=1), "writer_id", Writer),
        (UserPermission(user_id=1, project_id=2), "user_id", User),
    ],
)
def test_other_fields_name_one_kind_only(row: Entity, name: str, kind: Any) -> None:
    assert target(facts(type(row))[name], row) is kind


# Lineage.


@pytest.mark.parametrize(
    ("kind", "above"),
    [
        (Project, {}),
        (Experiment, {"Project": ["project_id"]}),
        (Iteration, {"Experiment": ["experiment_id"], "Project": ["project_id"]}),
        (
            Parameter,
            {
                "Iteration": ["iteration_id"],
                "Experiment": ["iteration_id", "experiment_id"],
                "Project": ["iteration_id", "project_id"],
            },
        ),
        (
            Resource,
            {
                "Experiment": ["experiment_id"],
                "Iteration": ["iteration_id"],
                "Project": ["experiment_id", "project_id"],
            },
        ),
        (Tagging, {"Project": ["project_id"], "Tag": ["tag_id"]}),
        (ModelVersion, {"Model": ["model_id"], "Project": ["model_id", "project_id"]}),
        (Writer, {}),
    ],
)
def test_the_way_up_is_the_shortest(kind: Kind, above: dict[str, list[str]]) -> None:
    ways = {name: [field for field, _ in way] for name, way in lineage(kind).items()}

    assert ways == above


def test_a_run_does_not_lie_under_its_parent() -> None:
    assert "Iteration" not in lineage(Iteration)

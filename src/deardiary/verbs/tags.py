"""The verbs of tags: words that projects, experiments and runs carry."""

from typing import TYPE_CHECKING, Any, TypeAlias, overload

from deardiary.core.changes import Batch, Drop, Expect, Insert
from deardiary.core.conditions import all_of, asked, by_id
from deardiary.core.declared import SUBJECTS, Kind, kind_named
from deardiary.core.entities import Experiment, Iteration, Project, Tag, Tagging
from deardiary.core.errors import Invalid, NotFound
from deardiary.verbs.generic import Diary, id_of, there_already

if TYPE_CHECKING:
    from deardiary.fluent import Run

    Carrier: TypeAlias = Project | Experiment | Iteration | Run
    Carriers: TypeAlias = type[Project] | type[Experiment] | type[Iteration]


class Tags(Diary):
    """Tags, and what carries them."""

    def get_tag(self, tag: Tag | int | str) -> Tag | None:
        """Return a tag by id or by its word, or none."""
        return self._one(Tag, all_of(value=tag) if isinstance(tag, str) else by_id(id_of(Tag, tag)))

    @overload
    def get_tags(self) -> list[Tag]: ...
    @overload
    def get_tags(self, carrier: "Carrier", /) -> list[Tag]: ...
    @overload
    def get_tags(self, kind: "Carriers", id: int, /) -> list[Tag]: ...
    def get_tags(self, *carrier: Any) -> list[Tag]:
        """Return all tags, or those that something carries."""
        if not carrier:
            return self.find(Tag)
        kind, id = _carrier(carrier)
        ids = [tagging.tag_id for tagging in self.find(Tagging, kind=kind.__name__, subject_id=id)]
        return self.find(Tag, asked("id").among(ids)) if ids else []

    def create_tag(self, value: str) -> Tag:
        """Make a tag that nothing carries yet.

        Raises:
            Duplicate: it is there.
        """
        return self._made([Insert(Tag(id=-1, value=value))], Tag)

    @overload
    def add_tag(self, carrier: "Carrier", value: str, /) -> Tagging: ...
    @overload
    def add_tag(self, kind: "Carriers", id: int, value: str, /) -> Tagging: ...
    def add_tag(self, *given: Any) -> Tagging:
        """Let a project, experiment or run carry a tag; an ended run too.

        Raises:
            Duplicate: it carries the tag already.
        """
        kind, id = _carrier(given[:-1])
        value = given[-1]
        tagging = Tagging(id=-1, kind=kind.__name__, subject_id=id, tag_id=-1)
        with there_already(Tagging, lambda _: f"{kind.declared.noun} {id} carries the tag {value!r:.60} already"):
            return self._made([Insert(Tag(id=-1, value=value), or_existing=True), Insert(tagging)], Tagging)

    @overload
    def remove_tag(self, carrier: "Carrier", value: str, /) -> bool: ...
    @overload
    def remove_tag(self, kind: "Carriers", id: int, value: str, /) -> bool: ...
    def remove_tag(self, *given: Any) -> bool:
        """Take a tag from a project, experiment or run; the tag itself stays.

        Raises:
            NotFound: it does not carry the tag.
        """
        kind, id = _carrier(given[:-1])
        value = given[-1]
        where = all_of(kind=kind.__name__, subject_id=id) & (asked("tag.value") == value)
        because = f"{kind.declared.noun} {id} does not carry the tag {value!r}"
        self.store.apply(Batch([Expect(Tagging, where, otherwise=NotFound, because=because), Drop(Tagging, where)]))
        return True

    def delete_tag(self, tag: Tag | int | str) -> bool:
        """Remove a tag from the diary, and from everything that carries it."""
        if isinstance(tag, str):
            because = f"there is no tag {tag!r}"
            where = all_of(value=tag)
            self.store.apply(Batch([Expect(Tag, where, otherwise=NotFound, because=because), Drop(Tag, where)]))
            return True
        return self._dropped(Tag, id_of(Tag, tag))


def _carrier(given: tuple[Any, ...]) -> tuple[Kind, int]:
    """Return the kind and the id of what carries tags, given as a row, a run, or a kind and an id."""
    match given:
        case (type() as kind, id) if kind.__name__ in SUBJECTS:
            return kind, id_of(kind, id)
        case (row,) if type(row).__name__ in SUBJECTS:
            return kind_named(type(row).__name__), row.id
        case (row,) if isinstance(getattr(row, "iteration", None), Iteration):
            return Iteration, row.iteration.id
        case _:
            said = ", ".join(one.__name__ if isinstance(one, type) else f"{one!r:.60}" for one in given) or "nothing"
            raise Invalid(f"{said} carries no tags; give a project, an experiment or a run, or its kind and id")

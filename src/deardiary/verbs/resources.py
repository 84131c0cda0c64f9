"""The verbs of resources: artifacts, whose bytes live in the artifact store that their row names."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, overload

from attrs import frozen

from deardiary.core.alike import Alike
from deardiary.core.changes import Batch, Expect, Insert, Patch
from deardiary.core.conditions import all_of, by_id
from deardiary.core.declared import changed
from deardiary.core.entities import Experiment, Iteration, Project, Resource
from deardiary.core.errors import Corrupt, DearDiaryError, Invalid
from deardiary.core.shapes import now
from deardiary.verbs.depot import INLINE, Kept
from deardiary.verbs.generic import Diary, id_of, of
from deardiary.verbs.pages import PaginatedResponse, Pagination

if TYPE_CHECKING:
    from pathlib import Path

    from deardiary.fluent import Run


@frozen(eq=False, repr=False)
class MigrateArtifactsResult(Alike):
    """How many artifacts were moved to another store, were there already, and could not be moved."""

    migrated: int
    skipped: int
    failed: int
    problems: tuple[str, ...] = ()
    """Why, for each that could not be."""


class Resources(Diary):
    """Artifacts."""

    def get_resource(self, resource: Resource | int) -> Resource | None:
        """Return a resource, or none; `data` holds its bytes if they are inline."""
        row = self._one(Resource, by_id(id_of(Resource, resource)))
        if row is None or row.backend not in (INLINE, "sqlite"):
            return row
        return changed(row, data=self._read(row))

    @overload
    def get_resources(self, owner: "Experiment | Iteration | Run | int") -> list[Resource]: ...
    @overload
    def get_resources(
        self, owner: "Experiment | Iteration | Run | int", page: Pagination
    ) -> PaginatedResponse[Resource]: ...
    def get_resources(
        self, owner: "Experiment | Iteration | Run | int", page: Pagination | None = None
    ) -> list[Resource] | PaginatedResponse[Resource]:
        """Return the resources of an experiment (an id is an experiment's) or of a run, all or a page of them."""
        if isinstance(owner, Iteration) or isinstance(getattr(owner, "iteration", None), Iteration):
            return self._listed(Resource, of("iteration_id", id_of(Iteration, owner)), page)
        return self._listed(Resource, of("experiment_id", id_of(Experiment, owner)), page)

    def create_resource(
        self,
        experiment: Experiment | int,
        name: "str | os.PathLike[str]",
        data: "bytes | os.PathLike[str] | BinaryIO | None" = None,
        description: str = "",
        *,
        iteration: "Iteration | Run | int | None" = None,
        media_type: str = "",
        store: str | None = None,
    ) -> Resource:
        """Keep bytes under a name, in an experiment or in one of its runs.

        Args:
            name: what to call them; a path alone is a file, called by its own name.
            data: the bytes, a path to them, or a stream, which may be larger than memory.
            store: the artifact store to put them in; otherwise small ones are inline, others go to the default.
        """
        if data is None:
            if isinstance(name, str):
                raise Invalid(f"no bytes are given for {name!r}; give bytes, a stream, or a Path instead of the name")
            data = as_path(name)
            name = data.name
        if not isinstance(name, str | os.PathLike):
            raise Invalid(f"resource name is {name!r:.60}, not a text")
        kept = self.depot.kept(data, store=store)
        row = Resource(
            id=-1,
            experiment_id=id_of(Experiment, experiment),
            iteration_id=None if iteration is None else id_of(Iteration, iteration),
            name=os.fspath(name),
            description=description,
            media_type=media_type or _media_type(os.fspath(name), data),
            original_name=original_name(data),
            **_named(kept),
        )
        return self._made([Insert(row)], Resource)

    def create_resources(
        self,
        experiment: Experiment | int,
        files: "Mapping[str, bytes | os.PathLike[str] | BinaryIO]",
        *,
        iteration: "Iteration | Run | int | None" = None,
        store: str | None = None,
    ) -> list[Resource]:
        """Keep many files under their names, in an experiment or in one of its runs, several at a time.

        Args:
            files: bytes, a path to them, or a stream, by name.
            store: the artifact store to put them in; otherwise small ones are inline, others go to the default.
        """
        owner, run = id_of(Experiment, experiment), None if iteration is None else id_of(Iteration, iteration)
        kept = self.depot.keep_all(list(files.values()), store=store)
        rows = [
            Resource(
                id=-1 - place % ROWS_TOGETHER,
                experiment_id=owner,
                iteration_id=run,
                name=name,
                media_type=_media_type(name, data),
                original_name=original_name(data),
                **_named(one),
            )
            for place, ((name, data), one) in enumerate(zip(files.items(), kept, strict=True))
        ]
        made = list[Resource]()
        for first in range(0, len(rows), ROWS_TOGETHER):
            some = rows[first : first + ROWS_TOGETHER]
            ids = self.store.apply(Batch([Insert(row) for row in some])).ids
            made += [changed(row, id=ids[Resource, row.id]) for row in some]
        return self.depot.told(made)

    def update_resource(
        self,
        resource: Resource | int,
        name: str | None = None,
        description: str | None = None,
        data: "bytes | os.PathLike[str] | BinaryIO | None" = None,
    ) -> Resource:
        """Change the name, the description or the bytes of a resource."""
        values: dict[str, Any] = {"name": name, "description": description, "updated_date": now()}
        if data is not None:
            values |= _named(self.depot.kept(data))
        return self._patched(Resource, id_of(Resource, resource), values)

    def delete_resource(self, resource: Resource | int) -> bool:
        """Remove a resource, unless a model version names it; its bytes stay until nothing names them."""
        return self._dropped(Resource, id_of(Resource, resource))

    # Bytes.

    def read_resource_data(self, resource: Resource | int) -> bytes | None:
        """Return the bytes of a resource, checked against their digest, or none if there is no such resource."""
        row = self._one(Resource, by_id(id_of(Resource, resource)))
        return None if row is None else self._read(row)

    def _read(self, row: Resource) -> bytes:
        try:
            with self.depot.open(row) as stream:
                return stream.read()
        except Corrupt as error:
            if error.id is not None:
                raise
            said = (
                f"resource {row.id}, {row.name!r:.60}, cannot be read{f' from {row.uri}' if row.uri else ''}: {error}"
            )
            raise Corrupt(said, kind="Resource", id=row.id) from error

    def open_resource(self, resource: Resource | int, start: int = 0, stop: int | None = None) -> BinaryIO:
        """Return a stream of the bytes of a resource, or of a part of them; read whole, they are checked."""
        return self.depot.open(self.get(Resource, id_of(Resource, resource)), start, stop)

    def download_resource(self, resource: Resource | int, path: "str | os.PathLike[str]") -> "Path":
        """Write the bytes of a resource to a file (or into a folder that is there), and return its path.

        What is at the path is replaced when the bytes are whole and checked, and otherwise stays.
        """
        from deardiary.artifacts.reading import download

        row = self.get(Resource, id_of(Resource, resource))
        target = as_path(path)
        if target.is_dir():
            name = as_path(row.name.replace("\\", "/")).name
            target = target / (f"resource-{row.id}" if name in ("", "..") else name)
        download(self.depot.holding(row), row.content_hash, target)
        return target

    # Moving.

    def migrate_artifacts(
        self, to: str | None = None, *, project: Project | int | None = None
    ) -> MigrateArtifactsResult:
        """Move the bytes of all resources, or of those in a project, to an artifact store, by default the default one.

        Each is read, checked, put and only then named by its row; so a move may be broken off and done again.
        """
        target = self.depot.named(to or self.depot.default)
        self.depot.store(target)
        where = all_of() if project is None else all_of(**{"experiment.project_id": id_of(Project, project)})
        done, problems = {"migrated": 0, "skipped": 0}, list[str]()
        for row in self.find(Resource, where):
            try:
                done["migrated" if self._moved(row, target) else "skipped"] += 1
            except DearDiaryError as error:
                problems.append(f"resource {row.id}: {error}")
        return MigrateArtifactsResult(done["migrated"], done["skipped"], len(problems), tuple(problems))

    def _moved(self, row: Resource, target: str) -> bool:
        """Move the bytes of a resource, unless they are there, or the row changed meanwhile."""
        if row.backend == target:
            return False
        with self.depot.open(row) as stream:
            kept = self.depot.keep(stream, store=target)
        same = by_id(row.id) & all_of(backend=row.backend, content_hash=row.content_hash)
        expect = Expect(Resource, same, because=f"resource {row.id} was changed meanwhile; move it again")
        self.store.apply(Batch([expect, Patch(Resource, row.id, {**_named(kept), "updated_date": now()})]))
        return True


def as_path(path: "str | os.PathLike[str]") -> "Path":
    """Return a path as an object; what makes it is imported when a path is first needed."""
    from pathlib import Path

    return Path(path)


ROWS_TOGETHER = 500
"""How many rows are made by one batch."""


def _named(kept: Kept) -> dict[str, Any]:
    """Return what a row says of the bytes that it names."""
    return {"backend": kept.backend, "size_bytes": kept.size, "content_hash": kept.digest}


def _media_type(name: str, data: Any) -> str:
    """Return what sort of bytes a name promises."""
    import mimetypes

    return mimetypes.guess_type(name)[0] or mimetypes.guess_type(original_name(data))[0] or ""


def original_name(data: Any) -> str:
    """Return the name of the file that bytes come from, if they come from one."""
    name = data if hasattr(data, "__fspath__") else getattr(data, "name", "")
    return os.path.basename(os.fspath(name)) if isinstance(name, str) or hasattr(name, "__fspath__") else ""

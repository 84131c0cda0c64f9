"""The verbs of environments: what a run ran in, taken and written down again."""

import os
from typing import TYPE_CHECKING

from deardiary.core.changes import Batch, Patch
from deardiary.core.entities import Iteration
from deardiary.core.errors import Invalid, Unprocessable
from deardiary.verbs.generic import Diary, id_of

if TYPE_CHECKING:
    from pathlib import Path

    from deardiary.environment import EnvironmentSnapshot, RestoreResult
    from deardiary.fluent import Run


class Snapshots(Diary):
    """Environment snapshots."""

    def snapshot_environment(self, iteration: "Iteration | Run | int", entrypoint: str | None = None) -> Iteration:
        """Keep what this process runs in with a run that has not ended, in place of what was kept before."""
        from deardiary.environment import capture_environment

        id = id_of(Iteration, iteration)
        self.store.apply(Batch([Patch(Iteration, id, capture_environment(entrypoint).values())]))
        return self.get(Iteration, id)

    def get_snapshot(self, iteration: "Iteration | Run | int") -> "EnvironmentSnapshot | None":
        """Return what a run ran in, by its own snapshot or that of the nearest run above it, or none."""
        from deardiary.environment import EnvironmentSnapshot

        row: Iteration | None = self.get(Iteration, id_of(Iteration, iteration))
        while row is not None and not (row.python_version or row.manifest_toml):
            row = None if row.parent_iteration_id is None else self.get_parent(row)
        if row is None:
            return None
        return EnvironmentSnapshot(
            python_version=row.python_version,
            git_sha=row.git_sha,
            git_dirty=row.git_dirty,
            entrypoint=row.entrypoint,
            project_toml=row.project_toml or "",
            manifest_toml=row.manifest_toml or "",
        )

    def get_parent(self, iteration: "Iteration | Run | int") -> Iteration | None:
        """Return the run above a run, or none."""
        parent = self.get(Iteration, id_of(Iteration, iteration)).parent_iteration_id
        return None if parent is None else self.get(Iteration, parent)

    def restore(self, iteration: "Iteration | Run | int", depot: "Path | str | None" = None) -> "RestoreResult":
        """Write the project file and the lock of a run, byte for byte, and return where and what else was kept.

        Raises:
            Unprocessable: neither the run nor one above it has a snapshot.
        """
        from pathlib import Path

        from deardiary.environment import written

        id = id_of(Iteration, iteration)
        snapshot = self.get_snapshot(id)
        if snapshot is None:
            raise Unprocessable(
                f"run {id} has no snapshot of its environment, nor has a run above it; "
                f"take one while it runs: snapshot_environment({id})"
            )
        if depot is not None and os.path.isfile(depot):
            raise Invalid(f"{depot} is a file; run {id} is restored into a folder")
        return written(snapshot, id, None if depot is None else Path(depot))

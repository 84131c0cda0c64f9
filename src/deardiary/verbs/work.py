"""The verbs of projects, and of the experiments in them."""

from datetime import datetime
from typing import Any, overload

from deardiary.core.changes import Element, Expect, Insert
from deardiary.core.conditions import all_of, asked, by_id
from deardiary.core.entities import Experiment, ExperimentStatus, Project, User, UserPermission
from deardiary.core.errors import Invalid
from deardiary.verbs.generic import Diary, id_of, of
from deardiary.verbs.pages import PaginatedResponse, Pagination

ALL = {f"{action}_permission": True for action in ("create", "read", "update", "delete")}
"""What the maker of a project may do in it."""


class Work(Diary):
    """Projects and experiments."""

    def get_project(self, project: Project | int) -> Project | None:
        """Return a project, or none."""
        return self._one(Project, by_id(id_of(Project, project)))

    def get_projects(self, user: User | int | None = None) -> list[Project]:
        """Return the projects; for a user, those that they may read."""
        if user is None:
            return self.find(Project)
        row = self.get(User, id_of(User, user))
        if row.is_admin:
            return self.find(Project)
        readable = self.find(UserPermission, user_id=row.id, read_permission=True)
        ids = [permission.project_id for permission in readable]
        return self.find(Project, asked("id").among(ids)) if ids else []

    @overload
    def create_project(self, name: str, *, description: str = "") -> Project: ...
    @overload
    def create_project(self, user: User | int, /, name: str, *, description: str = "") -> Project: ...
    def create_project(self, *given: Any, name: str | None = None, description: str = "") -> Project:
        """Make a project, for the user who asks or for another administrator; names need not be unique."""
        given = given if name is None else (*given, name)
        match given:
            case (str(name),):
                return self._made([Insert(Project(id=-1, name=name, description=description))], Project)
            case (user, str(name)):
                return self._project_of(id_of(User, user), name, description)
            case _:
                raise Invalid(f"create_project takes a name, or a user and a name; it was given {given!r:.80}")

    def _project_of(self, user: int, name: str, description: str) -> Project:
        admin = by_id(user) & all_of(is_admin=True)
        elements: list[Element] = [
            Expect(User, admin, because=f"user {user} is no administrator, and only administrators make projects"),
            Insert(Project(id=-1, name=name, description=description)),
            Insert(UserPermission(id=-1, user_id=user, project_id=-1, **ALL), or_existing=True),
        ]
        return self._made(elements, Project)

    def update_project(
        self, project: Project | int, name: str | None = None, description: str | None = None
    ) -> Project:
        """Change what is given of a project."""
        return self._patched(Project, id_of(Project, project), {"name": name, "description": description})

    def delete_project(self, project: Project | int) -> bool:
        """Remove a project with all that is in it."""
        return self._dropped(Project, id_of(Project, project))

    # Experiments.

    def get_experiment(self, experiment: Experiment | int) -> Experiment | None:
        """Return an experiment, or none."""
        return self._one(Experiment, by_id(id_of(Experiment, experiment)))

    @overload
    def get_experiments(self, project: Project | int) -> list[Experiment]: ...
    @overload
    def get_experiments(self, project: Project | int, page: Pagination) -> PaginatedResponse[Experiment]: ...
    def get_experiments(
        self, project: Project | int, page: Pagination | None = None
    ) -> list[Experiment] | PaginatedResponse[Experiment]:
        """Return the experiments of a project, all or a page of them."""
        return self._listed(Experiment, of("project_id", id_of(Project, project)), page)

    @overload
    def create_experiment(self, project: Project | int, /, name: str, *, description: str = "") -> Experiment: ...
    @overload
    def create_experiment(
        self, project: Project | int, status: int, /, name: str, *, description: str = ""
    ) -> Experiment: ...
    def create_experiment(
        self, project: Project | int, /, *given: Any, name: str | None = None, description: str = ""
    ) -> Experiment:
        """Make an experiment in a project; it begins IN_PROGRESS."""
        given = given if name is None else (*given, name)
        match given:
            case (str(name),):
                status: int = ExperimentStatus.IN_PROGRESS
            case (int(status), str(name)):
                pass
            case _:
                raise Invalid(
                    "create_experiment takes a project, perhaps a status, and a name; "
                    f"it was given {', '.join(f'{one!r:.60}' for one in (project, *given))}"
                )
        row = Experiment(
            id=-1, project_id=id_of(Project, project), status_id=status, name=name, description=description
        )
        return self._made([Insert(row)], Experiment)

    def update_experiment(
        self,
        experiment: Experiment | int,
        status: ExperimentStatus | int | None = None,
        name: str | None = None,
        description: str | None = None,
        end_date: datetime | None = None,
    ) -> Experiment:
        """Change what is given of an experiment; one that is IN_PROGRESS again has no end date."""
        values: dict[str, Any] = {"status_id": status, "name": name, "description": description, "end_date": end_date}
        id = id_of(Experiment, experiment)
        if status != ExperimentStatus.IN_PROGRESS:
            return self._patched(Experiment, id, values)
        said = {name: value for name, value in values.items() if value is not None}
        return self.update(self.get(Experiment, id), **{**said, "end_date": None})

    def delete_experiment(self, experiment: Experiment | int) -> bool:
        """Remove an experiment with its runs and resources, unless a model version names one of them."""
        return self._dropped(Experiment, id_of(Experiment, experiment))

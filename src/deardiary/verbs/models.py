"""The verbs of the model registry: models, their versions, and which of them is in use."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

from deardiary.core.changes import Element, Expect, Insert, Patch
from deardiary.core.conditions import all_of, asked, by_id
from deardiary.core.entities import Iteration, Model, ModelVersion, Project, Resource, Stage
from deardiary.core.errors import NotFound
from deardiary.core.shapes import now
from deardiary.verbs.generic import Diary, id_of, of
from deardiary.verbs.pages import PaginatedResponse, Pagination

if TYPE_CHECKING:
    from deardiary.fluent import Run


class Models(Diary):
    """Models and model versions."""

    def get_model(self, model: Model | int) -> Model | None:
        """Return a model, or none."""
        return self._one(Model, by_id(id_of(Model, model)))

    @overload
    def get_models(self, project: Project | int) -> list[Model]: ...
    @overload
    def get_models(self, project: Project | int, page: Pagination) -> PaginatedResponse[Model]: ...
    def get_models(
        self, project: Project | int, page: Pagination | None = None
    ) -> list[Model] | PaginatedResponse[Model]:
        """Return the models of a project, all or a page of them."""
        return self._listed(Model, of("project_id", id_of(Project, project)), page)

    def create_model(self, project: Project | int, name: str, description: str = "") -> Model:
        """Make a model in a project's registry.

        Raises:
            Duplicate: the project has a model of that name.
        """
        row = Model(id=-1, project_id=id_of(Project, project), name=name, description=description)
        return self._made([Insert(row)], Model)

    def update_model(self, model: Model | int, name: str | None = None, description: str | None = None) -> Model:
        """Change what is given of a model."""
        values = {"name": name, "description": description, "updated_date": now()}
        return self._patched(Model, id_of(Model, model), values)

    def delete_model(self, model: Model | int) -> bool:
        """Remove a model with its versions; the runs and resources that they name stay."""
        return self._dropped(Model, id_of(Model, model))

    # Versions.

    def get_modelversion(self, version: ModelVersion | int) -> ModelVersion | None:
        """Return a model version, or none."""
        return self._one(ModelVersion, by_id(id_of(ModelVersion, version)))

    @overload
    def get_modelversions(self, model: Model | int) -> list[ModelVersion]: ...
    @overload
    def get_modelversions(self, model: Model | int, page: Pagination) -> PaginatedResponse[ModelVersion]: ...
    def get_modelversions(
        self, model: Model | int, page: Pagination | None = None
    ) -> list[ModelVersion] | PaginatedResponse[ModelVersion]:
        """Return the versions of a model by number, all or a page of them."""
        return self._listed(ModelVersion, of("model_id", id_of(Model, model)), page, order="version")

    def get_production_version(self, model: Model | int) -> ModelVersion | None:
        """Return the version of a model that is in PRODUCTION, or none."""
        return self._one(ModelVersion, all_of(model_id=id_of(Model, model), stage_id=Stage.PRODUCTION))

    def create_modelversion(
        self,
        model: Model | int,
        iteration: "Iteration | Run | int",
        resource: Resource | int | None = None,
        description: str = "",
    ) -> ModelVersion:
        """Register what a run made as the next version of a model; it begins at NO_STAGE."""
        row = ModelVersion(
            id=-1,
            model_id=id_of(Model, model),
            iteration_id=id_of(Iteration, iteration),
            resource_id=None if resource is None else id_of(Resource, resource),
            description=description,
        )
        return self._made([Insert(row)], ModelVersion)

    def update_modelversion(
        self,
        version: ModelVersion | int,
        stage: Stage | int | None = None,
        description: str | None = None,
        resource: Resource | int | None = None,
    ) -> ModelVersion:
        """Change what is given of a version; one that goes to PRODUCTION archives the one that was there."""
        id = id_of(ModelVersion, version)
        values: dict[str, Any] = {
            "stage_id": stage,
            "description": description,
            "resource_id": None if resource is None else id_of(Resource, resource),
            "updated_date": now(),
        }
        first = self._promotion(id, values["updated_date"]) if stage == Stage.PRODUCTION else ()
        return self._patched(ModelVersion, id, values, first=first)

    def _promotion(self, id: int, at: Any) -> Sequence[Element]:
        """Return what makes room in PRODUCTION: the model is touched, and the version there archived."""
        row = self.get(ModelVersion, id)
        others = all_of(model_id=row.model_id, stage_id=Stage.PRODUCTION) & (asked("id") != id)
        there = by_id(id) & all_of(model_id=row.model_id)
        return (
            Expect(ModelVersion, there, otherwise=NotFound, because=f"model version {id} is not there"),
            Patch(Model, row.model_id, {"updated_date": at}),
            Patch(ModelVersion, others, {"stage_id": Stage.ARCHIVED, "updated_date": at}),
        )

    def delete_modelversion(self, version: ModelVersion | int) -> bool:
        """Remove a model version; its number is not given again."""
        return self._dropped(ModelVersion, id_of(ModelVersion, version))

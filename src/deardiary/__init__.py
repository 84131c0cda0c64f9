"""The diary of your machine-learning experiments, in the store you choose.

    import deardiary

    run = deardiary.init(project="Iris", config={"lr": 1e-3})
    run.log({"loss": 0.5})
    run.finish()

This is the first door, for those who keep a diary; `deardiary.plugin` is the second, for those who write stores.
What is named here is imported when it is first used.
"""

TYPE_CHECKING = False  # as `typing` has it, which costs more to import than all that is here

if TYPE_CHECKING:
    from typing import Any

    from deardiary.core.conditions import (
        all_of as all_of,
    )
    from deardiary.core.conditions import (
        asked as asked,
    )
    from deardiary.core.conditions import (
        metric as metric,
    )
    from deardiary.core.conditions import (
        param as param,
    )
    from deardiary.core.conditions import (
        tagged as tagged,
    )
    from deardiary.core.entities import (
        Experiment as Experiment,
    )
    from deardiary.core.entities import (
        ExperimentStatus as ExperimentStatus,
    )
    from deardiary.core.entities import (
        Iteration as Iteration,
    )
    from deardiary.core.entities import (
        IterationStatus as IterationStatus,
    )
    from deardiary.core.entities import (
        Metric as Metric,
    )
    from deardiary.core.entities import (
        Model as Model,
    )
    from deardiary.core.entities import (
        ModelVersion as ModelVersion,
    )
    from deardiary.core.entities import (
        Parameter as Parameter,
    )
    from deardiary.core.entities import (
        Project as Project,
    )
    from deardiary.core.entities import (
        Resource as Resource,
    )
    from deardiary.core.entities import (
        Stage as Stage,
    )
    from deardiary.core.entities import (
        Summary as Summary,
    )
    from deardiary.core.entities import (
        Tag as Tag,
    )
    from deardiary.core.entities import (
        Tagging as Tagging,
    )
    from deardiary.core.entities import (
        User as User,
    )
    from deardiary.core.entities import (
        UserPermission as UserPermission,
    )
    from deardiary.core.errors import (
        AdminRequired as AdminRequired,
    )
    from deardiary.core.errors import (
        ConfigError as ConfigError,
    )
    from deardiary.core.errors import (
        Corrupt as Corrupt,
    )
    from deardiary.core.errors import (
        DearDiaryError as DearDiaryError,
    )
    from deardiary.core.errors import (
        Duplicate as Duplicate,
    )
    from deardiary.core.errors import (
        Forbidden as Forbidden,
    )
    from deardiary.core.errors import (
        Invalid as Invalid,
    )
    from deardiary.core.errors import (
        Misplaced as Misplaced,
    )
    from deardiary.core.errors import (
        NotFound as NotFound,
    )
    from deardiary.core.errors import (
        SameUserRequired as SameUserRequired,
    )
    from deardiary.core.errors import (
        StorageFull as StorageFull,
    )
    from deardiary.core.errors import (
        Unauthenticated as Unauthenticated,
    )
    from deardiary.core.errors import (
        Unavailable as Unavailable,
    )
    from deardiary.core.errors import (
        Unprocessable as Unprocessable,
    )
    from deardiary.core.queries import Order as Order
    from deardiary.core.queries import Query as Query
    from deardiary.core.queries import Series as Series
    from deardiary.current import finish as finish
    from deardiary.current import log as log
    from deardiary.current import log_artifact as log_artifact
    from deardiary.default import close_database as close_database
    from deardiary.default import initialize_database as initialize_database
    from deardiary.environment import (
        EnvironmentSnapshot as EnvironmentSnapshot,
    )
    from deardiary.environment import (
        RestoreResult as RestoreResult,
    )
    from deardiary.environment import (
        capture_environment as capture_environment,
    )
    from deardiary.fluent import Run as Run
    from deardiary.fluent import init as init
    from deardiary.opening import open as open  # noqa: A004  # as `gzip` and `wave` have it
    from deardiary.tracker import Tracker as Tracker
    from deardiary.verbs.pages import PaginatedResponse as PaginatedResponse
    from deardiary.verbs.pages import Pagination as Pagination
    from deardiary.verbs.resources import MigrateArtifactsResult as MigrateArtifactsResult
    from deardiary.views import Config, LastValues

    IN_PROGRESS = ExperimentStatus.IN_PROGRESS
    STOPPED = ExperimentStatus.STOPPED
    FINISHED = ExperimentStatus.FINISHED
    RUNNING = IterationStatus.RUNNING
    SUCCEEDED = IterationStatus.SUCCEEDED
    FAILED = IterationStatus.FAILED
    KILLED = IterationStatus.KILLED
    NO_STAGE = Stage.NO_STAGE
    STAGING = Stage.STAGING
    PRODUCTION = Stage.PRODUCTION
    ARCHIVED = Stage.ARCHIVED
    ClientError = DearDiaryError
    config: Config
    summary: LastValues
    _tracker = Tracker.__new__(Tracker)
    add = _tracker.add
    add_tag = _tracker.add_tag
    annotate = _tracker.annotate
    best_child = _tracker.best_child
    count = _tracker.count
    create_experiment = _tracker.create_experiment
    create_iteration = _tracker.create_iteration
    create_metric = _tracker.create_metric
    create_model = _tracker.create_model
    create_modelversion = _tracker.create_modelversion
    create_parameter = _tracker.create_parameter
    create_project = _tracker.create_project
    create_resource = _tracker.create_resource
    create_resources = _tracker.create_resources
    create_tag = _tracker.create_tag
    create_user = _tracker.create_user
    create_userpermission = _tracker.create_userpermission
    delete = _tracker.delete
    delete_experiment = _tracker.delete_experiment
    delete_iteration = _tracker.delete_iteration
    delete_metric = _tracker.delete_metric
    delete_metrics = _tracker.delete_metrics
    delete_model = _tracker.delete_model
    delete_modelversion = _tracker.delete_modelversion
    delete_parameter = _tracker.delete_parameter
    delete_parameters = _tracker.delete_parameters
    delete_project = _tracker.delete_project
    delete_resource = _tracker.delete_resource
    delete_tag = _tracker.delete_tag
    delete_user = _tracker.delete_user
    delete_userpermission = _tracker.delete_userpermission
    download_resource = _tracker.download_resource
    end_iteration = _tracker.end_iteration
    find = _tracker.find
    get = _tracker.get
    get_all_series = _tracker.get_all_series
    get_child_iterations = _tracker.get_child_iterations
    get_experiment = _tracker.get_experiment
    get_experiments = _tracker.get_experiments
    get_iteration = _tracker.get_iteration
    get_iterations = _tracker.get_iterations
    get_last_seen = _tracker.get_last_seen
    get_lost = _tracker.get_lost
    get_many_series = _tracker.get_many_series
    get_metric = _tracker.get_metric
    get_metrics = _tracker.get_metrics
    get_model = _tracker.get_model
    get_models = _tracker.get_models
    get_modelversion = _tracker.get_modelversion
    get_modelversions = _tracker.get_modelversions
    get_parameter = _tracker.get_parameter
    get_parameters = _tracker.get_parameters
    get_parent = _tracker.get_parent
    get_production_version = _tracker.get_production_version
    get_project = _tracker.get_project
    get_projects = _tracker.get_projects
    get_resource = _tracker.get_resource
    get_resources = _tracker.get_resources
    get_series = _tracker.get_series
    get_snapshot = _tracker.get_snapshot
    get_summaries = _tracker.get_summaries
    get_table = _tracker.get_table
    get_tag = _tracker.get_tag
    get_tags = _tracker.get_tags
    get_user = _tracker.get_user
    get_userpermission = _tracker.get_userpermission
    get_userpermissions = _tracker.get_userpermissions
    get_users = _tracker.get_users
    iteration = _tracker.iteration
    log_metrics = _tracker.log_metrics
    migrate_artifacts = _tracker.migrate_artifacts
    open_resource = _tracker.open_resource
    read_resource_data = _tracker.read_resource_data
    remove_tag = _tracker.remove_tag
    restore = _tracker.restore
    snapshot_environment = _tracker.snapshot_environment
    update = _tracker.update
    update_experiment = _tracker.update_experiment
    update_iteration = _tracker.update_iteration
    update_metric = _tracker.update_metric
    update_model = _tracker.update_model
    update_modelversion = _tracker.update_modelversion
    update_parameter = _tracker.update_parameter
    update_project = _tracker.update_project
    update_resource = _tracker.update_resource
    update_user = _tracker.update_user
    update_userpermission = _tracker.update_userpermission
    with_iteration = _tracker.with_iteration

__version__ = "0.1.0"

__all__ = [
    "ARCHIVED",
    "FAILED",
    "FINISHED",
    "IN_PROGRESS",
    "KILLED",
    "NO_STAGE",
    "PRODUCTION",
    "RUNNING",
    "STAGING",
    "STOPPED",
    "SUCCEEDED",
    "AdminRequired",
    "ClientError",
    "ConfigError",
    "Corrupt",
    "DearDiaryError",
    "Duplicate",
    "EnvironmentSnapshot",
    "Experiment",
    "ExperimentStatus",
    "Forbidden",
    "Invalid",
    "Iteration",
    "IterationStatus",
    "Metric",
    "MigrateArtifactsResult",
    "Misplaced",
    "Model",
    "ModelVersion",
    "NotFound",
    "Order",
    "PaginatedResponse",
    "Pagination",
    "Parameter",
    "Project",
    "Query",
    "Resource",
    "RestoreResult",
    "Run",
    "SameUserRequired",
    "Series",
    "Stage",
    "StorageFull",
    "Summary",
    "Tag",
    "Tagging",
    "Tracker",
    "Unauthenticated",
    "Unavailable",
    "Unprocessable",
    "User",
    "UserPermission",
    "__version__",
    "add",
    "add_tag",
    "all_of",
    "annotate",
    "asked",
    "best_child",
    "capture_environment",
    "close_database",
    "count",
    "create_experiment",
    "create_iteration",
    "create_metric",
    "create_model",
    "create_modelversion",
    "create_parameter",
    "create_project",
    "create_resource",
    "create_resources",
    "create_tag",
    "create_user",
    "create_userpermission",
    "delete",
    "delete_experiment",
    "delete_iteration",
    "delete_metric",
    "delete_metrics",
    "delete_model",
    "delete_modelversion",
    "delete_parameter",
    "delete_parameters",
    "delete_project",
    "delete_resource",
    "delete_tag",
    "delete_user",
    "delete_userpermission",
    "download_resource",
    "end_iteration",
    "find",
    "finish",
    "get",
    "get_all_series",
    "get_child_iterations",
    "get_experiment",
    "get_experiments",
    "get_iteration",
    "get_iterations",
    "get_last_seen",
    "get_lost",
    "get_many_series",
    "get_metric",
    "get_metrics",
    "get_model",
    "get_models",
    "get_modelversion",
    "get_modelversions",
    "get_parameter",
    "get_parameters",
    "get_parent",
    "get_production_version",
    "get_project",
    "get_projects",
    "get_resource",
    "get_resources",
    "get_series",
    "get_snapshot",
    "get_summaries",
    "get_table",
    "get_tag",
    "get_tags",
    "get_user",
    "get_userpermission",
    "get_userpermissions",
    "get_users",
    "init",
    "initialize_database",
    "iteration",
    "log",
    "log_artifact",
    "log_metrics",
    "metric",
    "migrate_artifacts",
    "open",
    "open_resource",
    "param",
    "read_resource_data",
    "remove_tag",
    "restore",
    "snapshot_environment",
    "tagged",
    "update",
    "update_experiment",
    "update_iteration",
    "update_metric",
    "update_model",
    "update_modelversion",
    "update_parameter",
    "update_project",
    "update_resource",
    "update_user",
    "update_userpermission",
    "with_iteration",
]

_HOMES = {
    "core.conditions": (
        "all_of",
        "asked",
        "metric",
        "param",
        "tagged",
    ),
    "core.entities": (
        "Experiment",
        "ExperimentStatus",
        "Iteration",
        "IterationStatus",
        "Metric",
        "Model",
        "ModelVersion",
        "Parameter",
        "Project",
        "Resource",
        "Stage",
        "Summary",
        "Tag",
        "Tagging",
        "User",
        "UserPermission",
    ),
    "core.errors": (
        "AdminRequired",
        "ConfigError",
        "Corrupt",
        "DearDiaryError",
        "Duplicate",
        "Forbidden",
        "Invalid",
        "Misplaced",
        "NotFound",
        "SameUserRequired",
        "StorageFull",
        "Unauthenticated",
        "Unavailable",
        "Unprocessable",
    ),
    "core.queries": (
        "Order",
        "Query",
        "Series",
    ),
    "default": (
        "close_database",
        "initialize_database",
    ),
    "environment": (
        "EnvironmentSnapshot",
        "RestoreResult",
        "capture_environment",
    ),
    "current": ("finish", "log", "log_artifact"),
    "fluent": ("Run", "init"),
    "opening": ("open",),
    "tracker": ("Tracker",),
    "verbs.pages": (
        "PaginatedResponse",
        "Pagination",
    ),
    "verbs.resources": ("MigrateArtifactsResult",),
}
"""The modules that public names come from."""

_MEMBERS = {
    "ExperimentStatus": (
        "IN_PROGRESS",
        "STOPPED",
        "FINISHED",
    ),
    "IterationStatus": (
        "RUNNING",
        "SUCCEEDED",
        "FAILED",
        "KILLED",
    ),
    "Stage": (
        "NO_STAGE",
        "STAGING",
        "PRODUCTION",
        "ARCHIVED",
    ),
}
"""The members of enumerations that have a name here too."""


def __getattr__(name: str) -> "Any":
    if name in ("config", "summary"):
        return _of_current_run(name)
    if name not in __all__:
        import sys

        raise AttributeError(_absent(name), name=name, obj=sys.modules[__name__])  # Python says what is near
    value = _found(name)
    globals()[name] = value
    return value


_ELSEWHERE = {
    "Artifact": "run.log_artifact(path) keeps a file",
    "Histogram": "log numbers, or keep a picture: run.log_artifact(path)",
    "Image": "keep a picture as an artifact: run.log_artifact(path)",
    "Table": "keep a table as an artifact: run.log_artifact(path)",
    "alert": "run.note(text) keeps a remark",
    "log_metric": "run.log({key: value})",
    "log_param": "run.log_parameters({key: value})",
    "login": "there is no account",
    "run": "keep what init returns: run = deardiary.init(...)",
    "save": "run.log_artifact(path) keeps a file",
    "start_run": "deardiary.init(...) begins a run",
    "sweep": "begin a child for each trial: run.child(parameters=...)",
    "watch": "log what you want to see: run.log({key: value})",
}
"""What other trackers call things, and what we have instead."""


def _absent(name: str) -> str:
    return f"deardiary has no {name!r}; {_ELSEWHERE[name]}" if name in _ELSEWHERE else f"deardiary has no {name!r}"


def _of_current_run(name: str) -> "Any":
    """Return what the current run has under a name; there is no such attribute without one."""
    from deardiary.core.errors import ConfigError
    from deardiary.current import current_run

    try:
        return getattr(current_run(), name)
    except ConfigError as error:
        raise AttributeError(str(error)) from None


def _found(name: str) -> "Any":
    if name == "ClientError":
        name = "DearDiaryError"
    for enumeration, members in _MEMBERS.items():
        if name in members:
            return getattr(__getattr__(enumeration), name)
    for home, names in _HOMES.items():
        if name in names:
            return getattr(_imported(home), name)
    return _verb(name)


def _imported(home: str) -> "Any":
    """Return a module of ours; nothing becomes garbage while it is imported, so it is not looked for meanwhile."""
    import gc
    from importlib import import_module

    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return import_module(f"deardiary.{home}")
    finally:
        if was_enabled:
            gc.enable()


def _verb(name: str) -> "Any":
    """Return a verb of the tracker as a function over the diary of this process."""
    from types import MethodType

    from deardiary.default import default_tracker
    from deardiary.tracker import Tracker

    method = getattr(Tracker, name)

    def verb(*given: "Any", **named: "Any") -> "Any":
        run = next((one for one in given if hasattr(one, "run_id")), None)
        return getattr(default_tracker() if run is None else run.tracker, name)(*given, **named)

    verb.__name__ = verb.__qualname__ = name
    verb.__doc__ = method.__doc__
    verb.__wrapped__ = MethodType(method, verb)  # type: ignore[attr-defined]  # for its signature
    return verb


def __dir__() -> list[str]:
    return __all__


def _listen() -> None:
    """Note from now on with what code the program is asked to exit: in `sys.exit(main())`, `main` is too late."""
    from deardiary.exits import listen

    listen()


_listen()

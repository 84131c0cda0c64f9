"""A running iteration in the hand: `init`, and the class `Run` that it returns."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, BinaryIO, Literal, Self, TypeAlias, TypeVar

from deardiary import endings
from deardiary.beginning import begun_in, capture_for, mode_of, resumed, tracker_for, with_first, written
from deardiary.core.changes import Batch, Element, Patch
from deardiary.core.conditions import all_of
from deardiary.core.entities import (
    Iteration,
    Parameter,
    Resource,
    Summary,
)
from deardiary.core.errors import (
    DearDiaryError,
    Duplicate,
    Held,
    Invalid,
)
from deardiary.core.shapes import same_text
from deardiary.going import Durability, Going
from deardiary.line import ON_ERROR, OnError
from deardiary.recorder import recorder_of
from deardiary.saying import check_choice, say
from deardiary.settings import MODES, read_settings
from deardiary.tracker import Tracker
from deardiary.verbs.bulk import columns_in, steps_in, times_in
from deardiary.verbs.iterations import set_on, tagged_with
from deardiary.verbs.resources import as_path, original_name
from deardiary.verbs.values import as_text, kept, meant, settings_of
from deardiary.views import Config, LastValues

Mode: TypeAlias = Literal["online", "auto", "offline", "disabled"]
Result = TypeVar("Result")


class Run(Going):
    """A run that is going on: log to it, and it ends with its block, with `finish`, or with the program."""

    def __init__(
        self,
        project: str | None = None,
        name: str | None = None,
        config: Any = None,
        resume: "str | int | None" = None,
        server_url: str | None = None,
        *,
        experiment: str = "default",
        tags: Iterable[str] | None = None,
        notes: str | None = None,
        mode: Mode | None = None,
        on_error: OnError = "warn",
        durability: Durability = "default",
        snapshot: bool | None = None,
        tracker: Tracker | None = None,
        quiet: bool | None = None,
    ) -> None:
        """Begin a run in a project and an experiment, which are made if need be; or go on with one.

        Args:
            config: the parameters: a mapping, a dataclass, an attrs class or a namespace.
            resume: the run to go on with: its `run_id`, integer id or uid; an ended one is opened again, and what
                is given of name, notes, tags and config is added.
            server_url: where a server keeps the diary; by default it is kept here.
            mode: `"online"`; `"auto"` falls back on a local diary, `"offline"` always uses one, `"disabled"` keeps
                nothing. By default `DEARDIARY_MODE`, else `"disabled"` on ranks other than 0, else `"online"`.
            on_error: what `log` does when points cannot be written: `"warn"`, `"raise"` or `"block"`.
            durability: `"strict"` writes each point through to the disk before `log` returns.
            snapshot: whether to keep what the run runs in; by default it does.
            quiet: whether to say nothing on stderr.

        Raises:
            Unavailable: the diary cannot be reached; it is a `ConnectionError` too.
        """
        check_choice("mode", mode, (None, *MODES))
        check_choice("on_error", on_error, ON_ERROR)
        check_choice("durability", durability, ("default", "strict"))
        if tracker is not None and not isinstance(tracker, Tracker):
            raise Invalid(f"tracker is {tracker!r:.60}, not an open diary; give what deardiary.open(...) returns")
        settings = (tracker.settings if tracker is not None else None) or read_settings()
        chosen = mode or mode_of(settings)
        quiet = settings.quiet if quiet is None else quiet
        with endings.undisturbed():
            is_kept = chosen != "disabled"
            if tracker is None or not is_kept:
                try:
                    tracker = tracker_for(chosen, server_url)
                except Held as error:
                    self._log_only(
                        error,
                        resume,
                        is_alone=not (name or config or notes or tags),
                        quiet=quiet,
                        on_error=on_error,
                        durability=durability,
                    )
                    return
            row, tags = Iteration(id=-1, experiment_id=-1, name=name or "", notes=notes or ""), tags or ()
            parameters = settings_of(config)
            capture = capture_for(tracker, is_kept and snapshot is not False and resume is None)
            place = project or settings.project or os.path.basename(settings.root) or "default"
            if resume is not None and is_kept:
                iteration = resumed(tracker, resume, project, row, parameters, tags)
            else:
                iteration = begun_in(tracker, place, experiment, with_first(row, capture), parameters, tags)
            is_new = resume is None or not is_kept
            self._start(
                tracker,
                iteration,
                on_error=on_error,
                durability=durability,
                capture=capture,
                is_kept=is_kept,
                quiet=quiet,
                names=(same_text(place), same_text(experiment)) if is_new else None,
                parameters=parameters if is_new else None,
            )
        if not self._quiet:
            say(f"run {self.run_id}{f' ({self.name})' if self.name else ''} in {self.project_name} → {tracker.url}")

    def _log_only(
        self,
        error: Held,
        resume: "str | int | None",
        *,
        is_alone: bool,
        quiet: bool,
        on_error: OnError,
        durability: Durability,
    ) -> None:
        """Go on with a run of the process that has the diary open, which takes what is logged here."""
        last = str(resume).strip().rpartition("-")[2]
        if not (is_alone and error.guest is not None and last.isascii() and last.isdigit()):
            raise error
        row = Iteration(id=int(last), experiment_id=-1)
        self._start(
            error.guest(), row, on_error=on_error, durability=durability, is_guest=True, names=("", ""), parameters={}
        )
        if not quiet:
            say(f"run {resume} is logged to through {recorder_of(self.tracker).folder}")

    # What it is.

    @property
    def config(self) -> Config:
        """Its parameters as they were given: `run.config["lr"]`, `run.config.lr`."""
        return Config(self, self._settings)

    @property
    def summary(self) -> LastValues:
        """The last value of each of its metrics."""
        return LastValues(self)

    @property
    def notes(self) -> str:
        """What was noted of it; setting it keeps that instead."""
        return self.tracker.get(Iteration, self.id).notes

    @notes.setter
    def notes(self, notes: str) -> None:
        self.tracker.annotate(self.id, notes=notes)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that it carries; `tag` adds more, `tracker.remove_tag` takes them away."""
        return tuple(tag.value for tag in self.tracker.get_tags(Iteration, self.id))

    # What it takes.

    def log(
        self,
        metrics: Mapping[str, Any],
        step: int | None = None,
        *,
        commit: bool = True,
        recorded_at: datetime | None = None,
    ) -> None:
        """Add a point to the series of each metric; nested ones are joined by `/`.

        Args:
            step: where in the series; without it a counter of the run, advanced per call.
            commit: whether the counter advances; `False` to add more to the same step.

        Raises:
            Invalid: something among the metrics is no number.
            Unprocessable: the run has ended.
        """
        self._line.log(metrics, step, commit=commit, recorded_at=recorded_at)  # only if it is not kept

    def log_many(self, columns: Mapping[str, Any], steps: Any = None, times: Any = None) -> None:
        """Add whole columns of points at once: lists, arrays or NumPy arrays, all of one length.

        Args:
            steps: one for each value; without them the counter of the run goes on.
            times: when each was recorded, as datetimes or seconds since 1970; without them now.

        Raises:
            Invalid: something among them is no number, or a column is longer than others.
            Unprocessable: the run has ended.
        """
        self._check_open()
        found = columns_in(columns)
        length = len(next(iter(found.values()))) if found else 0
        at = None if steps is None else steps_in(steps, length)
        recorded = times_in(times, length)
        if length:
            self._line.write_columns(tuple(found), at, recorded, [*found.values()])

    def log_parameters(self, *groups: Any, **values: Any) -> None:
        """Set parameters, given as mappings, dataclasses, attrs classes, namespaces or keywords.

        Raises:
            Duplicate: one is set already, to another value; `run.config[key] = value` changes it.
        """
        self._set(settings_of(*groups, **values), change=False)

    def _set(self, values: Mapping[str, Any], *, change: bool = True) -> None:
        """Set parameters; those that are set already are changed, or refused if they differ."""
        self._check_open()
        said = {key: as_text(key, value) for key, value in values.items()}
        elements = self._setting(values, said, change)
        try:
            self._apply(elements)
        except Duplicate:  # someone else has set them
            self._settings.update((row.key, meant(row)) for row in self.tracker.get_parameters(self.id))
            self._apply(self._setting(values, said, change))
        self._settings.update(kept(values))

    def _setting(self, values: Mapping[str, Any], said: Mapping[str, tuple[str, str]], change: bool) -> list[Element]:
        """Return what sets parameters that are not set, and changes others if that is allowed."""
        there = {key: as_text(key, self._settings[key]) for key in said if key in self._settings}
        other = [key for key, text in there.items() if text != said[key]]
        if other and not change:
            key = other[0]
            raise Duplicate(
                f"parameter {key!r} of run {self.run_id} is {self._settings[key]!r:.60}, and would become "
                f"{values[key]!r:.60}; run.config[{key!r}] = ... changes it",
                kind="Parameter",
            )
        elements = set_on(self.id, {key: value for key, value in values.items() if key not in there})
        for key in other:
            where = all_of(iteration_id=self.id, key=key)
            elements.append(Patch(Parameter, where, {"value": said[key][0], "type": said[key][1]}))
        return elements

    def log_artifact(
        self,
        data: "str | os.PathLike[str] | bytes | BinaryIO",
        name: str | None = None,
        *,
        description: str = "",
        media_type: str = "",
        store: str | None = None,
    ) -> Resource | None:
        """Keep a file, bytes or a stream with the run, and return the resource (none if it could not be written).

        Args:
            name: what to call it; a file, or a stream of one, is called by its own name.
            store: the artifact store to put it in; otherwise small ones are inline, others go to the default.
        """
        self._check_open()
        data = as_path(data) if isinstance(data, str) else data
        name = name or original_name(data)
        if not name:
            raise Invalid("the artifact has no name; give one: run.log_artifact(data, name='model.pt')")
        if isinstance(data, os.PathLike) and os.path.isdir(data):
            raise Invalid(
                f"{os.fspath(data)} is a folder; run.log_artifacts({os.fspath(data)!r}) takes it file by file"
            )
        if not self._is_kept:
            return None
        return self._spared(
            lambda: self.tracker.create_resource(
                self.experiment_id, name, data, description, iteration=self.id, media_type=media_type, store=store
            ),
            f"the artifact {name!r:.60}",
        )

    def log_artifacts(self, folder: "str | os.PathLike[str]", *, prefix: str = "") -> list[Resource]:
        """Keep every file under a folder with the run, called by its path in the folder; links are not followed."""
        root = as_path(folder)
        if not root.is_dir():
            said = "is a file" if root.exists() else "is not there"
            raise Invalid(f"the folder {root} {said}; run.log_artifact({os.fspath(root)!r}) takes a file")
        paths = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
        files = {f"{prefix}{path.relative_to(root).as_posix()}": path for path in paths}
        self._check_open()
        if not self._is_kept:
            return []
        return (
            self._spared(
                lambda: self.tracker.create_resources(self.experiment_id, files, iteration=self.id),
                f"{len(files):,} artifacts of {os.fspath(root)!r:.60}",
            )
            or []
        )

    def note(self, text: str) -> None:
        """Add a line to the notes of the run, even when it has ended."""
        self._spared(lambda: self._noted(text), "a note")

    def _noted(self, text: str) -> Iteration:
        before = self.tracker.get(Iteration, self.id).notes
        return self.tracker.annotate(self.id, notes=f"{before}\n{text}" if before else text)

    def tag(self, *tags: str) -> None:
        """Let the run carry tags, even when it has ended; one that it carries already changes nothing."""
        self._apply(tagged_with(self.id, tags))

    def child(
        self,
        *,
        name: str = "",
        notes: str = "",
        parameters: Any = None,
        tags: Iterable[str] = (),
        snapshot: bool = False,
    ) -> "Run":
        """Begin a run below this one: a trial of a sweep, a fold, a worker."""
        row = Iteration(id=-1, experiment_id=self.experiment_id, parent_iteration_id=self.id, name=name, notes=notes)
        return begin(
            self.tracker,
            row,
            parameters=parameters,
            tags=tags,
            snapshot=snapshot,
            on_error=self._on_error,
            is_kept=self._is_kept,
            names=(self.project_name, self.experiment_name),
        )

    # Within.

    def _last_values(self) -> dict[str, float]:
        if not self._is_kept:
            return dict(self._line.last)
        return {row.key: row.last for row in self.tracker.find(Summary, iteration_id=self.id, order="key")}

    def _series(self, *, max_points: int) -> dict[str, Any]:
        """Return its series for a picture: none if the diary is away."""
        try:
            return dict(self.tracker.get_all_series(self.id, max_points=max_points))
        except DearDiaryError:
            return {}

    def __repr__(self) -> str:
        if self._is_kept:
            recorder_of(self.tracker).peek()
        last = "".join(f", {key} {value:.5g}" for key, value in list(self._line.last.items())[:3])
        name = f" {self.name!r}" if self.name else ""
        place = f"{self.project_name}/{self.experiment_name}"
        return f"<Run {self.run_id}{name} in {place}: {self.status.name.lower()}{last}>"

    def _repr_html_(self) -> str:
        from deardiary.pictures import run_html

        return run_html(self)

    def __reduce__(self) -> tuple[Any, ...]:
        if not self._is_kept:
            return _mute, (self.project_name, self.name, self._settings)
        recorder_of(self.tracker).has_forked = True  # what another process leaves, this one carries on
        return _joined, (self.tracker, self.iteration, (self.project_name, self.experiment_name), self._on_error)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: Any) -> Self:
        return self  # what holds a run is copied, as for an average of its weights, and the run goes on


init = Run
"""The name by which people know it."""


@endings.undisturbed()
def begin(
    tracker: Tracker,
    row: Iteration,
    *,
    parameters: Any = None,
    tags: Iterable[str] = (),
    snapshot: bool | None = None,
    on_error: OnError = "warn",
    is_kept: bool = True,
    names: tuple[str, str] | None = None,
) -> Run:
    """Begin a run that is given as a row, with parameters and tags, in one transaction."""
    check_choice("on_error", on_error, ON_ERROR)
    is_taken = row.parent_iteration_id is None if snapshot is None else snapshot
    capture = capture_for(tracker, is_taken and is_kept)
    settings = settings_of(parameters)
    batch = Batch(written(tracker, with_first(row, capture), settings, tags))
    receipt = tracker.store.apply(batch)
    run = Run.__new__(Run)
    iteration = tracker.get(Iteration, receipt.ids[Iteration, -1])
    run._start(
        tracker, iteration, on_error=on_error, capture=capture, is_kept=is_kept, names=names, parameters=settings
    )
    return run


def _joined(tracker: Tracker, iteration: Iteration, names: tuple[str, str], on_error: OnError) -> Run:
    """Return a run of another process as one that only logs: it ends where it was begun."""
    run = Run.__new__(Run)
    is_away = recorder_of(tracker).is_guest
    row = iteration if is_away else tracker.get(Iteration, iteration.id)
    parameters: dict[str, Any] | None = {} if is_away else None
    run._start(tracker, row, on_error=on_error, is_guest=True, names=names, parameters=parameters)
    return run


def _mute(project: str, name: str, settings: Mapping[str, Any]) -> Run:
    """Return a run in another process of which nothing is kept here either."""
    return Run(project, name, settings, mode="disabled")

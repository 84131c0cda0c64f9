"""What a run shows of itself: its settings, its last values, and a picture for notebooks."""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from deardiary.core.errors import Invalid
from deardiary.core.sentences import did_you_mean
from deardiary.core.shapes import same_text
from deardiary.verbs.values import settings_of

if TYPE_CHECKING:
    from deardiary.fluent import Run


class Config(MutableMapping[str, Any]):
    """The parameters of a run as they were given; what is set here is kept, and may be changed until the run ends."""

    __slots__ = ("_prefix", "_run", "_values")

    def __init__(self, run: "Run", values: dict[str, Any], prefix: str = "") -> None:
        for name, value in (("_run", run), ("_values", values), ("_prefix", prefix)):
            object.__setattr__(self, name, value)

    def __getitem__(self, key: str) -> Any:
        path = same_text(f"{self._prefix}{key}")
        if path in self._values:
            return self._values[path]
        if any(name.startswith(f"{path}.") for name in self._values):
            return Config(self._run, self._values, f"{path}.")
        raise KeyError(f"run {self._run.run_id} has no parameter {path!r}{did_you_mean(path, list(self._values))}")

    def __setitem__(self, key: str, value: Any) -> None:
        self._run._set({f"{self._prefix}{name}": one for name, one in settings_of({key: value}).items()})

    def __delitem__(self, key: str) -> None:
        raise Invalid(
            f"parameter {key!r} cannot be taken from a running run's config; tracker.delete_parameter does it"
        )

    def __iter__(self) -> Iterator[str]:
        return (name.removeprefix(self._prefix) for name in list(self._values) if name.startswith(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in self.__slots__:
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def update(self, *groups: Any, allow_val_change: bool = True, **values: Any) -> None:
        """Set several parameters, given as mappings, dataclasses, attrs classes, namespaces or keywords."""
        found = settings_of(*groups, **values)
        self._run._set({f"{self._prefix}{name}": one for name, one in found.items()}, change=allow_val_change)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)  # a copy, here or elsewhere, is no longer the run's


class LastValues(Mapping[str, float]):
    """The last value of each metric of a run; read only, since it follows the metrics."""

    __slots__ = ("_run",)

    def __init__(self, run: "Run") -> None:
        self._run = run

    def _values(self) -> dict[str, float]:
        return self._run._last_values()

    def __getitem__(self, key: str) -> float:
        values, key = self._values(), same_text(key)
        if key not in values:
            raise KeyError(f"run {self._run.run_id} has no metric {key!r}{did_you_mean(key, list(values))}")
        return values[key]

    def __setitem__(self, key: str, value: Any) -> None:
        raise Invalid(f"the summary follows the metrics; to set {key!r}: run.log({{{key!r}: {value!r:.20}}})")

    def update(self, *_: Any, **__: Any) -> None:
        """Refuse: the summary follows the metrics."""
        raise Invalid("the summary follows the metrics; to add to it: run.log({...})")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())

    def __repr__(self) -> str:
        return repr(self._values())

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (self._values(),)

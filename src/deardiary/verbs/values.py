"""What people hand us, as the diary keeps it: parameters as text with their type, metrics as numbers."""

import json
import math
import operator
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

from deardiary.core.entities import Parameter
from deardiary.core.errors import Invalid
from deardiary.core.shapes import GREATEST_INTEGER, VALUE, check_integer, same_text

# Parameters.


def as_text(key: str, value: Any) -> tuple[str, str]:
    """Return a parameter's value as text, and the type it came with.

    Raises:
        Invalid: the value is too long, or says nothing of itself.
    """
    try:
        text, type = _text_of(key, _plain(value))
    except (RecursionError, ValueError) as error:
        raise Invalid(f"parameter {key!r} cannot be written down: {error}") from None
    text = same_text(text)
    if len(text) > VALUE:
        raise Invalid(
            f"parameter {key!r} has {len(text):,} characters; at most {VALUE:,} are kept. "
            "Log what is longer as an artifact: run.log_artifact(path)"
        )
    return text, type


def _text_of(key: str, value: Any) -> tuple[str, str]:
    match value:
        case str():
            return value, "str"
        case bool():
            return ("true" if value else "false"), "bool"
        case int():
            return int.__repr__(value), "int"
        case float():
            return _text_of_float(value), "float"
        case None:
            return "null", "none"
        case dict() | list() | tuple() | set() | frozenset():
            return json.dumps(_jsonable(key, value), ensure_ascii=False), "json"
        case _:
            return _own_text(key, value), "str"


def _text_of_float(value: float) -> str:
    if math.isfinite(value):
        return float.__repr__(value)
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _plain(value: Any) -> Any:
    """Return the number or list that an array's element, an array or a tensor is; anything else as it is."""
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, str | int | float | dict | list | tuple | type) or value is None:
        return value
    return value.tolist() if hasattr(value, "shape") and hasattr(value, "tolist") else value


def _own_text(key: str, value: Any) -> str:
    """Return what a thing says of itself, unless that is only where it stands in memory."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if hasattr(value, "__fspath__"):
        return str(value)
    if isinstance(value, type) or (callable(value) and hasattr(value, "__qualname__")):
        return f"{value.__module__}.{value.__qualname__}"
    text = str(value)
    if " object at 0x" in text or " at 0x" in text:
        raise Invalid(
            f"parameter {key!r} is of {_class(value)}, which has no value to keep; "
            "give str(...) of it, or what matters of it"
        )
    return text


def _class(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")


def _jsonable(key: str, value: Any) -> Any:
    """Return a collection as JSON has it; numbers that JSON lacks stand there as texts."""
    value = _plain(value)
    match value:
        case dict():
            return {str(name): _jsonable(key, part) for name, part in value.items()}
        case list() | tuple():
            return [_jsonable(key, part) for part in value]
        case set() | frozenset():
            return sorted((_jsonable(key, part) for part in value), key=repr)
        case str() | bool() | int() | None:
            return value
        case float():
            return value if math.isfinite(value) else _text_of_float(value)
        case _:
            return _own_text(key, value)


def meant(parameter: Parameter) -> Any:
    """Return a parameter's value as it was before it became text."""
    if parameter.type == "str":
        return parameter.value
    try:
        return json.loads(parameter.value)  # which reads NaN and Infinity too
    except ValueError:
        return parameter.value  # an update may have left a text that its type does not fit


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as they come back from a diary."""
    found = dict[str, Any]()
    for key, value in values.items():
        text, type = as_text(key, value)
        row = Parameter(iteration_id=-1, key=key, value=text, type=type)
        found[row.key] = meant(row)
    return found


def settings_of(*groups: Any, **values: Any) -> dict[str, Any]:
    """Return parameters by flat key, given as mappings, dataclasses, attrs classes, namespaces or keywords."""
    found = dict[str, Any]()
    for group in (*groups, values):
        for key, value in _flat("", _mapping(group), "."):
            found[same_text(key)] = value
    return found


def _mapping(group: Any) -> Mapping[Any, Any]:
    """Return what a group of settings says, by name."""
    found = _fields(group)
    if found is None:
        raise Invalid(
            f"parameters are given as {_class(group)}; "
            "give a mapping, keywords, a dataclass, an attrs class or a Namespace"
        )
    return found


def _fields(group: Any) -> Mapping[Any, Any] | None:
    if isinstance(group, Mapping):
        return group
    if group is None:
        return {}
    if isinstance(group, type):
        return None
    for names in ("__dataclass_fields__", "__attrs_attrs__"):
        fields = getattr(type(group), names, None)
        if fields is not None:
            names_of = fields if names == "__dataclass_fields__" else [one.name for one in fields]
            return {name: getattr(group, name) for name in names_of}
    if type(group).__name__ in ("Namespace", "SimpleNamespace"):
        return dict(vars(group))
    if callable(getattr(group, "model_dump", None)):
        return dict(group.model_dump())
    return None


def _flat(prefix: str, group: Mapping[Any, Any], joint: str) -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested groups by the path to them; an empty group is a leaf."""
    for name, value in group.items():
        key = f"{prefix}{joint}{name}" if prefix else str(name)
        inner = _fields(value) if not isinstance(value, str | int | float | list | tuple) else None
        if inner and value is not None:
            yield from _flat(key, inner, joint)
        else:
            yield key, {} if inner == {} and value is not None else value


# Metrics.


def measures_of(metrics: Any) -> dict[str, float]:
    """Return metrics by flat key, as numbers.

    Raises:
        Invalid: something among them is no number.
    """
    if not isinstance(metrics, Mapping):
        raise Invalid(f'metrics are given as {_class(metrics)}; give a mapping, such as {{"loss": 0.5}}')
    found = dict[str, float]()
    for key, value in metrics.items():
        if value.__class__ is float and key.__class__ is str:
            found[key] = value
        elif isinstance(value, Mapping):
            found.update((path, as_number(path, one)) for path, one in _flat(str(key), value, "/") if one != {})
        else:
            name = str.__str__(key) if isinstance(key, str) else str(key)
            found[name] = as_number(name, value)
    return found


def as_number(key: str, value: Any) -> float:
    """Return the value of a metric as a number."""
    if value.__class__ is float:
        return float(value)
    try:
        one = value.item() if hasattr(value, "shape") and hasattr(value, "item") else value
        if isinstance(one, str | bytes | complex) or one is None or not hasattr(one, "__float__"):
            raise Invalid(_not_a_number(key, one))
        return float(one)
    except OverflowError:
        raise Invalid(f"metric {key!r} is an integer too great for a float of 64 bits") from None
    except (TypeError, ValueError, RuntimeError) as error:
        raise Invalid(f"metric {key!r} is {_class(value)}, not one number: {error}") from None


def _not_a_number(key: str, value: Any) -> str:
    said = "none" if value is None else f"{value!r:.60}"
    match value:
        case str():
            more = f"; metrics are numbers, so give float({value!r:.30}), or keep it as a parameter: run.log_parameters"
        case None:
            more = "; leave out what was not measured"
        case complex():
            more = "; log its parts, or abs(...) of it"
        case list() | tuple():
            more = "; log its elements one by one, or under keys of their own"
        case _:
            more = ""
    return f"metric {key!r} is {said}, not a number{more}"


def as_step(step: Any) -> int | None:
    """Return a step as an integer, of whatever class of integer it is."""
    if step is None:
        return None
    if step.__class__ is not int:
        step = _whole(step)
    check_integer(step, "a step", least=-GREATEST_INTEGER)
    return int(step)


def _whole(step: Any) -> int:
    if isinstance(step, bool):
        raise Invalid(f"a step is {step}, not an integer; without a step, the calls are counted")
    if isinstance(step, float) and step.is_integer():
        return int(step)
    try:
        return operator.index(step)
    except TypeError:
        raise Invalid(f"a step is {step!r:.60}, not an integer; without a step, the calls are counted") from None


def columns_of(metrics: Mapping[str, Any]) -> Iterable[tuple[str, float, int | None]]:
    """Yield key, value and step of metrics given whole: a number, several in order, or numbers by step."""
    if not isinstance(metrics, Mapping):
        raise Invalid(f'metrics are given as {_class(metrics)}; give a mapping, such as {{"loss": [0.5, 0.4]}}')
    for key, given in ((str(key), _plain(one)) for key, one in metrics.items()):
        if isinstance(given, Mapping):
            for step, value in given.items():
                yield key, as_number(key, value), as_step(step)
        elif isinstance(given, Iterable) and not hasattr(given, "__float__") and not isinstance(given, str):
            for step, value in enumerate(given):
                yield key, as_number(key, value), step
        else:
            yield key, as_number(key, given), None

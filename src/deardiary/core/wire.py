"""Everything that crosses a seam, as JSON and back.

Floats that JSON lacks are the texts "NaN", "Infinity" and "-Infinity", times are ISO 8601 with Z, bytes base64.
"""

import base64
import json
import math
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, assert_never

from deardiary.core import errors
from deardiary.core.changes import Append, Batch, Drop, Element, Expect, Insert, Patch, Stream
from deardiary.core.conditions import (
    All,
    Among,
    AnyOf,
    Compare,
    Condition,
    Field,
    IsNan,
    IsNone,
    Measure,
    Not,
    Param,
    Tagged,
    Term,
)
from deardiary.core.declared import Entity, Kind, facts, kind_named, kinds
from deardiary.core.errors import DearDiaryError, Invalid, Misplaced
from deardiary.core.meaning import DEEPEST
from deardiary.core.points import Points, little, native
from deardiary.core.queries import Order, Page, Query, Series, SeriesQuery
from deardiary.core.shapes import as_float, check_time

if TYPE_CHECKING:
    from array import array

    from cattrs import Converter

_ODD = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def number_out(value: float) -> float | str:
    """Return a float as JSON can carry it."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def number_in(value: Any) -> float:
    """Return the float that `number_out` made this of."""
    if isinstance(value, str):
        if value not in _ODD:
            raise Invalid(f"{value!r:.60} is no number; NaN, Infinity and -Infinity are the texts that stand for one")
        return _ODD[value]
    number = as_float(value)
    if not isinstance(number, float):
        raise Invalid(f"{told(value)} is no number")
    return number


def time_out(value: datetime) -> str:
    """Return an instant as ISO 8601 with Z."""
    return value.isoformat(timespec="microseconds").replace("+00:00", "Z")


def time_in(value: Any) -> datetime:
    """Return the instant that an ISO 8601 text with a zone says."""
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid(f"{told(value)} is no time; one looks like 2026-01-31T09:30:00.000000Z") from None
    check_time(read, value)
    return read


def bytes_out(value: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(value).decode()


def bytes_in(value: Any) -> bytes:
    """Return the bytes that a base64 text stands for."""
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError):
        raise Invalid(f"{told(value)} is no base64") from None


def told(data: Any) -> str:
    """Return what to call JSON that is refused: a plain value by itself, all else by what it has, never its values."""
    match data:
        case dict():
            return f"an object with {', '.join(map(repr, data)) or 'nothing'}"[:80]
        case list():
            return f"a list of {len(data)}"
        case _:
            return f"{data!r:.60}"


@cache
def converter() -> "Converter":
    """Return the converter of rows and of plain values."""
    from cattrs import Converter

    made = Converter(detailed_validation=False)
    made.register_unstructure_hook(float, number_out)
    made.register_structure_hook(float, lambda value, _: number_in(value))
    made.register_unstructure_hook(datetime, time_out)
    made.register_structure_hook(datetime, lambda value, _: time_in(value))
    made.register_unstructure_hook(bytes, bytes_out)
    made.register_structure_hook(bytes, lambda value, _: bytes_in(value))
    for plain in (str, int, bool):
        made.register_structure_hook(plain, lambda value, _: value)
    return made


def _structured(data: Any, kind: Any, what: str) -> Any:
    if not isinstance(data, dict):
        raise Invalid(f"{told(data)} is no {what}")
    try:
        return converter().structure(data, kind)
    except DearDiaryError:
        raise
    except Exception as error:
        raise Invalid(f"{told(data)} is no {what}: {error!r:.120}") from None


# Rows.


def row_out(row: Entity) -> dict[str, Any]:
    """Return a row as JSON."""
    said: dict[str, Any] = converter().unstructure(row)
    return said


def row_in(kind: Kind, data: Any) -> Entity:
    """Return the row of a kind that JSON says."""
    row: Entity = _structured(data, kind, kind.declared.noun)
    return row


def kind_in(name: Any) -> Kind:
    """Return the kind of a name."""
    if not isinstance(name, str) or name not in kinds():
        raise Invalid(f"{told(name)} is no kind; there are {', '.join(kinds())}")
    return kind_named(name)


def _values_out(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: converter().unstructure(value) for name, value in values.items()}


def _values_in(kind: Kind, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _field_in(kind, name, value) for name, value in data.items()}


def _field_in(kind: Kind, name: str, value: Any) -> Any:
    fact = facts(kind).get(name)
    if value is None or fact is None:
        return value
    if fact.sort == "time":
        return time_in(value)
    if fact.sort == "octets":
        return bytes_in(value)
    return number_in(value) if fact.holds_float else value


# Conditions.


def term_out(term: Term) -> dict[str, Any]:
    """Return a term as JSON."""
    match term:
        case Field(name, of):
            return {"field": name, "of": of} if of else {"field": name}
        case Param(key):
            return {"param": key}
        case Measure(key, part):
            return {"metric": key, "part": part}
        case _:
            assert_never(term)


def term_in(data: Any) -> Term:
    """Return the term that JSON says."""
    match data:
        case {"field": str(name), **rest} if isinstance(of := rest.get("of", ""), str):
            return Field(name, of)
        case {"param": str(key)}:
            return Param(key)
        case {"metric": str(key), "part": ("last" | "first" | "min" | "max" | "count") as part}:
            return Measure(key, part)
        case _:
            raise Invalid(f"{told(data)} is no term")


def _constant_out(value: Any) -> Any:
    match value:
        case datetime():
            return {"time": time_out(value)}
        case float() if not math.isfinite(value):
            return {"number": number_out(value)}
        case str() | int() | float():
            return value
        case _:
            raise Invalid(f"{type(value).__name__} does not travel")


def _constant_in(value: Any) -> Any:
    match value:
        case {"time": text}:
            return time_in(text)
        case {"number": text}:
            return number_in(text)
        case str() | int() | float():
            return value
        case _:
            raise Invalid(f"{told(value)} is no text, number, time, true or false")


def condition_out(condition: Condition) -> dict[str, Any]:
    """Return a condition as JSON; what only the guard says does not travel."""
    match condition:
        case Compare(term, operator, value):
            return {"is": operator, "term": term_out(term), "value": _constant_out(value)}
        case Among(term, values):
            return {"in": [_constant_out(value) for value in values], "term": term_out(term)}
        case IsNone(term):
            return {"none": term_out(term)}
        case IsNan(term):
            return {"nan": term_out(term)}
        case Tagged(value):
            return {"tag": value}
        case All(parts):
            return {"all": [condition_out(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [condition_out(part) for part in parts]}
        case Not(part):
            return {"not": condition_out(part)}
        case _:
            raise Invalid(f"{type(condition).__name__} does not travel")


def condition_in(data: Any, *, depth: int = 0) -> Condition:
    """Return the condition that JSON says."""
    if depth > DEEPEST:
        raise Invalid(f"the condition is nested deeper than {DEEPEST} levels")
    match data:
        case {"is": ("==" | "!=" | "<" | "<=" | ">" | ">=" | "~") as operator, "term": term, "value": value}:
            return Compare(term_in(term), operator, _constant_in(value))
        case {"in": list(values), "term": term}:
            return Among(term_in(term), tuple(_constant_in(value) for value in values))
        case {"none": term}:
            return IsNone(term_in(term))
        case {"nan": term}:
            return IsNan(term_in(term))
        case {"tag": str(value)}:
            return Tagged(value)
        case {"all": list(parts)}:
            return All(tuple(condition_in(part, depth=depth + 1) for part in parts))
        case {"any": list(parts)}:
            return AnyOf(tuple(condition_in(part, depth=depth + 1) for part in parts))
        case {"not": part}:
            return Not(condition_in(part, depth=depth + 1))
        case _:
            raise Invalid(f"{told(data)} is no condition")


# Batches.


def element_out(element: Element) -> dict[str, Any]:
    """Return a change or an expectation as JSON."""
    match element:
        case Insert(entity, or_existing=or_existing):
            said: dict[str, Any] = {"insert": type(entity).__name__, "row": row_out(entity)}
            return {**said, "or_existing": True} if or_existing else said
        case Patch(kind, where, values):
            return {"patch": kind.__name__, "where": condition_out(where), "values": _values_out(values)}
        case Drop(kind, where):
            return {"drop": kind.__name__, "where": condition_out(where)}
        case Append(iteration_id, points):
            return {"append": iteration_id, "points": bytes_out(points.pack())}
        case Expect(kind, where, found=found, otherwise=otherwise, because=because):
            said = {"expect": kind.__name__, "where": condition_out(where), "found": found}
            return {**said, "otherwise": otherwise.__name__, "because": because}
        case _:
            assert_never(element)


def element_in(data: Any) -> Element:
    """Return the change or the expectation that JSON says."""
    match data:
        case {"insert": name, "row": row, **rest}:
            return Insert(row_in(kind_in(name), row), or_existing=rest.get("or_existing", False) is True)
        case {"patch": name, "where": where, "values": dict(values)}:
            kind = kind_in(name)
            return Patch(kind, condition_in(where), _values_in(kind, values))
        case {"drop": name, "where": where}:
            return Drop(kind_in(name), condition_in(where))
        case {"append": int(iteration_id), "points": points}:
            return Append(iteration_id, points_in(points))
        case {"expect": name, "where": where, "found": bool(found), "otherwise": str(error), "because": str(because)}:
            otherwise = errors.NAMED.get(error, errors.Unprocessable)
            return Expect(kind_in(name), condition_in(where), found=found, otherwise=otherwise, because=because)
        case _:
            raise Invalid(f"{told(data)} is no change and no expectation")


def points_in(data: Any) -> Points:
    """Return the points that a base64 text packs."""
    return Points.unpack(bytes_in(data))


def batch_out(batch: Batch) -> dict[str, Any]:
    """Return a batch as JSON; the principal does not travel."""
    said: dict[str, Any] = {"elements": [element_out(element) for element in batch.elements], "at": time_out(batch.at)}
    if batch.stream is not None:
        return {**said, "stream": converter().unstructure(batch.stream)}
    return {**said, "id": batch.id, "digest": batch.digest}


def batch_in(data: Any) -> Batch:
    """Return the batch that JSON says; its digest must be that of its elements."""
    match data:
        case {"elements": list(elements), "at": at, "stream": stream}:
            return Batch(
                [element_in(element) for element in elements],
                at=time_in(at),
                stream=_structured(stream, Stream, "stream"),
            )
        case {"elements": list(elements), "at": at, "id": id, "digest": digest}:
            batch = Batch([element_in(element) for element in elements], at=time_in(at), id=id)
            if batch.digest != digest:
                raise Invalid("the batch is not what its digest says; it was changed on its way")
            return batch
        case _:
            raise Invalid(f"{told(data)} is no batch")


# Questions and answers.


def query_out(query: Query[Any]) -> dict[str, Any]:
    """Return a query as JSON."""
    return {
        "kind": query.kind.__name__,
        "where": condition_out(query.where),
        "order": [{"term": term_out(order.term), "descending": order.descending} for order in query.order],
        **{name: value for name, (_, usual) in _PLAIN.items() if (value := getattr(query, name)) != usual},
    }


_PLAIN: dict[str, tuple[type, Any]] = {
    "limit": (int, None),
    "offset": (int, 0),
    "after": (str, None),
    "changed_after": (str, None),
    "total": (bool, False),
    "large": (bool, False),
}
"""What else a query says: of which class it is, and what it is when nothing is said."""


def query_in(data: Any) -> Query[Any]:
    """Return the query that JSON says."""
    match data:
        case {"kind": name, "where": where, "order": list(order), **rest}:
            plain: dict[str, Any] = {name: _plain_in(name, rest[name]) for name in _PLAIN if name in rest}
            return Query(kind_in(name), condition_in(where), order=[_order_in(one) for one in order], **plain)
        case _:
            raise Invalid(f"{told(data)} is no query")


def _plain_in(name: str, value: Any) -> Any:
    sort, usual = _PLAIN[name]
    if type(value) is not sort and value != usual:
        raise Invalid(f"{name} is {told(value)}, and no {sort.__name__}")
    return value


def _order_in(data: Any) -> Order:
    match data:
        case {"term": term, **rest} if isinstance(descending := rest.get("descending", False), bool):
            return Order(term_in(term), descending=descending)
        case _:
            raise Invalid(f"{told(data)} is no order")


def page_out(page: Page[Any]) -> dict[str, Any]:
    """Return a page as JSON."""
    return {"rows": [row_out(row) for row in page.rows], "next": page.next, "total": page.total, "mark": page.mark}


def page_in(kind: Kind, data: Any) -> Page[Any]:
    """Return the page of a kind's rows that JSON says."""
    match data:
        case {"rows": list(rows), "next": str() | None as next, "total": int() | None as total, "mark": str(mark)}:
            return Page([row_in(kind, row) for row in rows], next=next, total=total, mark=mark)
        case _:
            raise Invalid(f"{told(data)} is no page")


def series_query_out(query: SeriesQuery) -> dict[str, Any]:
    """Return a series query as JSON."""
    said: dict[str, Any] = converter().unstructure(query)
    return said


def series_query_in(data: Any) -> SeriesQuery:
    """Return the series query that JSON says."""
    query: SeriesQuery = _structured(data, SeriesQuery, "series query")
    for name in ("iterations", "keys", "ids"):
        if not isinstance(data.get(name, []), list):
            raise Invalid(f"{name} is {told(data[name])}, not a list")
    return query


COLUMNS = {"numbers": "q", "steps": "q", "values": "d", "times": "q"}


def series_out(series: Series) -> dict[str, Any]:
    """Return a series as JSON, its columns packed."""
    columns = {name: packed(getattr(series, name)) for name in COLUMNS}
    return {
        "iteration_id": series.iteration_id,
        "key": series.key,
        "series": series.series,
        "total": series.total,
        **columns,
    }


def series_in(data: Any) -> Series:
    """Return the series that JSON says."""
    match data:
        case {"iteration_id": int(iteration_id), "key": str(key), "series": int(series), "total": int(total), **rest}:
            return Series(iteration_id=iteration_id, key=key, series=series, total=total, **columns_in(rest))
        case _:
            raise Invalid(f"{told(data)} is no series")


def columns_in(data: Mapping[Any, Any]) -> dict[str, Any]:
    columns = {name: _unpacked(code, data.get(name)) for name, code in COLUMNS.items()}
    if len({*map(len, columns.values())}) > 1:
        raise Invalid(f"the columns have {', '.join(f'{len(part)} {name}' for name, part in columns.items())}")
    return columns


def packed(column: "array[Any]") -> str:
    return bytes_out(little(column))


def _unpacked(code: str, data: Any) -> "array[Any]":
    try:
        return native(code, bytes_in(data))
    except ValueError as error:
        raise Invalid(f"a column is packed wrongly: {error}") from None


# Errors.


def error_out(error: DearDiaryError) -> dict[str, Any]:
    """Return an error as JSON."""
    said = {"error": type(error).__name__, "status": error.status, "code": error.code, "message": error.message}
    if isinstance(error, Misplaced):
        said["position"] = error.position
    return {**said, "kind": error.kind, "id": error.id}


def error_in(data: Any) -> DearDiaryError:
    """Return the error that JSON says, of one of our classes only."""
    match data:
        case {"error": "Misplaced", "message": str(message), "position": int(position), **rest}:
            return Misplaced(message, position=position, **_about(rest))
        case {"error": str(name), "status": int(status), "message": str(message), "code": str(code), **rest}:
            if name not in errors.NAMED:
                return DearDiaryError(status, code, message, **_about(rest))
            if name != "Misplaced":
                return errors.NAMED[name](message, code=code, **_about(rest))
    raise Invalid(f"{told(data)} is no error")


def _about(data: Mapping[Any, Any]) -> dict[str, Any]:
    """Return which row an error is about, if it says so."""
    match data:
        case {"kind": str() | None as kind, "id": int() | None as id}:
            return {"kind": kind, "id": id}
        case _:
            return {}


def to_line(data: Any) -> bytes:
    """Return JSON as one line of bytes, without its end."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()

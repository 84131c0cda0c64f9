"""What a store works out itself when it keeps a row, by the same functions in every store."""

import math

from deardiary.core.declared import Entity, Kind, kind_named
from deardiary.core.entities import Experiment, Iteration, Parameter, Tagging


def number_of_text(text: str) -> float | None:
    """Return the finite number that a text says, or none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def number_of(row: Entity) -> float | None:
    """Return the number as which a parameter compares, or none."""
    assert isinstance(row, Parameter)
    return None if row.type == "bool" else number_of_text(row.value)


def subject_of(row: Entity) -> tuple[Kind, int]:
    """Return the kind and the id of the row whose project a row shares."""
    if isinstance(row, Tagging):
        return kind_named(row.kind), row.subject_id
    assert isinstance(row, Iteration)
    return Experiment, row.experiment_id

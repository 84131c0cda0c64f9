"""What a notebook shows of a run: HTML that needs no script."""

import math
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deardiary.fluent import Run

_COLOURS = {"RUNNING": "#b58900", "SUCCEEDED": "#2a8a4a", "FAILED": "#c0392b", "KILLED": "#7d5ba6"}


def run_html(run: "Run") -> str:
    """Return a run as HTML that needs no script: state, parameters, metrics with their curves."""
    status = run.status.name
    series = run._series(max_points=80)
    head = (
        f"<strong>{escape(run.run_id)}</strong> {escape(run.name)} "
        f'<span style="color:{_COLOURS[status]}">● {status.lower()}</span> '
        f"<small>{escape(run.project_name)} · {escape(run.experiment_name)}</small>"
    )
    parameters = "".join(
        f"<tr><td>{escape(key)}</td><td>{escape(str(value))}</td></tr>" for key, value in run.config.items()
    )
    metrics = "".join(
        f"<tr><td>{escape(key)}</td><td>{one.values[-1]:.5g}</td><td>{_curve(one.steps, one.values)}</td></tr>"
        for key, one in series.items()
    )
    metrics += "".join(
        f"<tr><td>{escape(key)}</td><td>{value:.5g}</td><td></td></tr>"
        for key, value in run._line.last.items()
        if key not in series
    )
    return f"<div>{head}{_table('parameters', parameters)}{_table('metrics', metrics)}</div>"


def _table(title: str, rows: str) -> str:
    if not rows:
        return ""
    head = f'<tr><th colspan="3" style="text-align:left">{title}</th></tr>'
    return f'<table style="margin-top:.4em"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def _curve(steps: Any, values: Any) -> str:
    """Return points as a small drawing; what is no number is left out."""
    points = [(step, value) for step, value in zip(steps, values, strict=True) if math.isfinite(value)]
    if len(points) < 2:
        return ""
    (left, right), (low, high) = (steps[0], steps[-1]), _ends([value for _, value in points])
    wide, tall = (right - left) or 1, (high / 2 - low / 2) or 1  # halves, for the whole may be too great
    path = " ".join(
        f"{(step - left) / wide * 118 + 1:.1f},{23 - (value / 2 - low / 2) / tall * 22:.1f}" for step, value in points
    )
    return f'<svg width="120" height="24"><polyline points="{path}" fill="none" stroke="currentColor"/></svg>'


def _ends(values: list[float]) -> tuple[float, float]:
    return min(values), max(values)

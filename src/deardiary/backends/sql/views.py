"""What people see who open a DuckDB diary with SQL: views with readable names, times and states."""

from deardiary.core.entities import ExperimentStatus, IterationStatus, Stage


def _named(column: str, states: "type[IterationStatus | ExperimentStatus | Stage]") -> str:
    cases = " ".join(f"WHEN {state.value} THEN '{state.name}'" for state in states)
    return f"CASE {column} {cases} END"


VIEWS = (
    f"""CREATE OR REPLACE VIEW runs AS
    SELECT i.id, p.name AS project, e.name AS experiment, i.name, {_named("i.status_id", IterationStatus)} AS status,
        make_timestamp(i.created_date) AS created, make_timestamp(i.end_date) AS ended, i.parent_iteration_id AS parent,
        i.notes, i.error_message, i.lost_points, i.git_sha, i.git_dirty, i.python_version, i.entrypoint, i.uid,
        i.experiment_id, i.project_id
    FROM iterations i JOIN experiments e ON e.id = i.experiment_id JOIN projects p ON p.id = i.project_id""",
    """CREATE OR REPLACE VIEW params AS
    SELECT iteration_id AS run, "key", "value", number, "type" FROM parameters""",
    """CREATE OR REPLACE VIEW metrics AS
    SELECT s.iteration_id AS run, s."key", o.step, o."value", make_timestamp(o."time") AS "time"
    FROM points o JOIN series s ON s.id = o.series_id""",
    """CREATE OR REPLACE VIEW metric_summaries AS
    SELECT iteration_id AS run, "key", "count", first_step, last_step, "first", "last", "min", "max"
    FROM series WHERE "count" > 0""",
    """CREATE OR REPLACE VIEW artifacts AS
    SELECT id, name, iteration_id AS run, experiment_id, size_bytes, content_hash AS sha256, media_type,
        backend AS store, make_timestamp(created_date) AS created, description
    FROM resources""",
    """CREATE OR REPLACE VIEW tagged AS
    SELECT g.kind, g.subject_id AS id, t."value" AS tag FROM taggings g JOIN tags t ON t.id = g.tag_id""",
    f"""CREATE OR REPLACE VIEW registry AS
    SELECT m.name AS model, v.version, {_named("v.stage_id", Stage)} AS stage, v.iteration_id AS run,
        v.resource_id AS artifact, v.description, make_timestamp(v.created_date) AS created, p.name AS project
    FROM model_versions v JOIN models m ON m.id = v.model_id JOIN projects p ON p.id = m.project_id""",
)
"""The views, each with what it is for: `runs`, their `params` and `metrics`, what these come to, `artifacts`, what is
`tagged`, and the `registry` of models."""

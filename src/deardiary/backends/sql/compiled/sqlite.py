"""Texts of SQL for sqlite, made by `make compiled` from the schema; not written by hand."""

from deardiary.backends.sql.engine import Texts

# ruff: noqa

DDL = (
    "CREATE TABLE batches ( id BLOB NOT NULL, digest BLOB NOT NULL, principal BIGINT, at BIGINT NOT NULL, receipt TEXT NOT NULL, PRIMARY KEY (id) ) WITHOUT ROWID",
    "CREATE TABLE blobs ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL, size BIGINT NOT NULL, created_date BIGINT NOT NULL, mark BIGINT NOT NULL, UNIQUE (digest) )",
    "CREATE TABLE condemned ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL, stage BIGINT NOT NULL, created_date BIGINT NOT NULL, mark BIGINT NOT NULL, UNIQUE (digest) )",
    "CREATE TABLE counters ( name TEXT NOT NULL, owner_id BIGINT NOT NULL, last BIGINT NOT NULL, PRIMARY KEY (name, owner_id) ) WITHOUT ROWID",
    "CREATE TABLE deardiary_migrations ( version INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (version) )",
    "CREATE TABLE experiments ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, project_id BIGINT NOT NULL, status_id BIGINT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, created_date BIGINT NOT NULL, end_date BIGINT, mark BIGINT NOT NULL, UNIQUE (uid) )",
    "CREATE TABLE iterations ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, experiment_id BIGINT NOT NULL, project_id BIGINT NOT NULL, parent_iteration_id BIGINT, writer_id BIGINT, name TEXT NOT NULL, notes TEXT NOT NULL, created_date BIGINT NOT NULL, end_date BIGINT, reopened_date BIGINT, status_id BIGINT NOT NULL, error_message TEXT NOT NULL, traceback TEXT, lost_points BIGINT NOT NULL, python_version TEXT NOT NULL, git_sha TEXT NOT NULL, git_dirty BOOLEAN NOT NULL, entrypoint TEXT NOT NULL, project_toml BIGINT, manifest_toml BIGINT, mark BIGINT NOT NULL, UNIQUE (uid) )",
    "CREATE TABLE ledger ( sequence BIGINT NOT NULL )",
    "CREATE TABLE model_versions ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, model_id BIGINT NOT NULL, version BIGINT, iteration_id BIGINT NOT NULL, resource_id BIGINT, stage_id BIGINT NOT NULL, description TEXT NOT NULL, created_date BIGINT NOT NULL, updated_date BIGINT, mark BIGINT NOT NULL, UNIQUE (model_id, version) )",
    "CREATE TABLE models ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id BIGINT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, created_date BIGINT NOT NULL, updated_date BIGINT, mark BIGINT NOT NULL, UNIQUE (project_id, name) )",
    'CREATE TABLE parameters ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, iteration_id BIGINT NOT NULL, "key" TEXT NOT NULL, value TEXT NOT NULL, type TEXT NOT NULL, number BLOB, mark BIGINT NOT NULL, UNIQUE (iteration_id, "key") )',
    "CREATE TABLE permissions ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, user_id BIGINT NOT NULL, project_id BIGINT NOT NULL, create_permission BOOLEAN NOT NULL, read_permission BOOLEAN NOT NULL, update_permission BOOLEAN NOT NULL, delete_permission BOOLEAN NOT NULL, mark BIGINT NOT NULL, UNIQUE (user_id, project_id) )",
    "CREATE TABLE pieces ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL, n BIGINT NOT NULL, data BLOB, created_date BIGINT NOT NULL, mark BIGINT NOT NULL, UNIQUE (digest, n) )",
    "CREATE TABLE points ( series_id BIGINT NOT NULL, number BIGINT NOT NULL, step BIGINT NOT NULL, value BLOB NOT NULL, time BIGINT NOT NULL, PRIMARY KEY (series_id, number) ) WITHOUT ROWID",
    "CREATE TABLE projects ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, created_date BIGINT NOT NULL, mark BIGINT NOT NULL, UNIQUE (uid) )",
    "CREATE TABLE puttings ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL, user_id BIGINT NOT NULL, created_date BIGINT NOT NULL, mark BIGINT NOT NULL, UNIQUE (digest, user_id) )",
    "CREATE TABLE resources ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, experiment_id BIGINT NOT NULL, iteration_id BIGINT, name TEXT NOT NULL, description TEXT NOT NULL, media_type TEXT NOT NULL, original_name TEXT NOT NULL, created_date BIGINT NOT NULL, updated_date BIGINT, backend TEXT NOT NULL, size_bytes BIGINT NOT NULL, content_hash TEXT NOT NULL, mark BIGINT NOT NULL, UNIQUE (uid) )",
    'CREATE TABLE series ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, iteration_id BIGINT NOT NULL, "key" TEXT NOT NULL, count BIGINT NOT NULL, first_step BIGINT NOT NULL, last_step BIGINT NOT NULL, first BLOB NOT NULL, last BLOB NOT NULL, min BLOB, max BLOB, next BIGINT NOT NULL, mark BIGINT NOT NULL, UNIQUE (iteration_id, "key") )',
    "CREATE TABLE taggings ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id BIGINT NOT NULL, kind TEXT NOT NULL, subject_id BIGINT NOT NULL, tag_id BIGINT NOT NULL, mark BIGINT NOT NULL, UNIQUE (kind, subject_id, tag_id) )",
    "CREATE TABLE tags ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, value TEXT NOT NULL, mark BIGINT NOT NULL, UNIQUE (value) )",
    "CREATE TABLE texts ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL, text TEXT, created_date BIGINT NOT NULL, mark BIGINT NOT NULL, UNIQUE (digest) )",
    "CREATE TABLE users ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL, password TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, created_date BIGINT NOT NULL, is_admin BOOLEAN NOT NULL, mark BIGINT NOT NULL, UNIQUE (username) )",
    "CREATE TABLE writers ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, user_id BIGINT, host TEXT NOT NULL, pid BIGINT NOT NULL, position BIGINT NOT NULL, seen_at BIGINT NOT NULL, mark BIGINT NOT NULL, UNIQUE (uid) )",
    "CREATE INDEX experiments_project_id ON experiments (project_id)",
    "CREATE INDEX iterations_experiment_id ON iterations (experiment_id)",
    "CREATE INDEX iterations_parent_iteration_id ON iterations (parent_iteration_id)",
    "CREATE INDEX iterations_writer_id ON iterations (writer_id)",
    "CREATE INDEX model_versions_iteration_id ON model_versions (iteration_id)",
    "CREATE INDEX model_versions_resource_id ON model_versions (resource_id)",
    "CREATE INDEX permissions_project_id ON permissions (project_id)",
    "CREATE INDEX puttings_user_id ON puttings (user_id)",
    "CREATE INDEX resources_experiment_id ON resources (experiment_id)",
    "CREATE INDEX resources_iteration_id ON resources (iteration_id)",
    "CREATE INDEX taggings_tag_id ON taggings (tag_id)",
)

FIXED = {
    "batch": "SELECT batches.receipt, batches.digest, batches.principal FROM batches WHERE batches.id = ?",
    "count": "INSERT INTO counters (name, owner_id, last) VALUES (?, ?, ?) ON CONFLICT (name, owner_id) DO UPDATE SET last = CASE WHEN (excluded.last > counters.last) THEN excluded.last ELSE counters.last END",
    "counter": "SELECT counters.last FROM counters WHERE counters.name = ? AND counters.owner_id = ?",
    "delete Blob": "DELETE FROM blobs WHERE blobs.id IN (SELECT value FROM json_each(?))",
    "delete Condemned": "DELETE FROM condemned WHERE condemned.id IN (SELECT value FROM json_each(?))",
    "delete Experiment": "DELETE FROM experiments WHERE experiments.id IN (SELECT value FROM json_each(?))",
    "delete Iteration": "DELETE FROM iterations WHERE iterations.id IN (SELECT value FROM json_each(?))",
    "delete Model": "DELETE FROM models WHERE models.id IN (SELECT value FROM json_each(?))",
    "delete ModelVersion": "DELETE FROM model_versions WHERE model_versions.id IN (SELECT value FROM json_each(?))",
    "delete Parameter": "DELETE FROM parameters WHERE parameters.id IN (SELECT value FROM json_each(?))",
    "delete Piece": "DELETE FROM pieces WHERE pieces.id IN (SELECT value FROM json_each(?))",
    "delete Project": "DELETE FROM projects WHERE projects.id IN (SELECT value FROM json_each(?))",
    "delete Putting": "DELETE FROM puttings WHERE puttings.id IN (SELECT value FROM json_each(?))",
    "delete Resource": "DELETE FROM resources WHERE resources.id IN (SELECT value FROM json_each(?))",
    "delete Summary": "DELETE FROM series WHERE series.id IN (SELECT value FROM json_each(?))",
    "delete Tag": "DELETE FROM tags WHERE tags.id IN (SELECT value FROM json_each(?))",
    "delete Tagging": "DELETE FROM taggings WHERE taggings.id IN (SELECT value FROM json_each(?))",
    "delete Text": "DELETE FROM texts WHERE texts.id IN (SELECT value FROM json_each(?))",
    "delete User": "DELETE FROM users WHERE users.id IN (SELECT value FROM json_each(?))",
    "delete UserPermission": "DELETE FROM permissions WHERE permissions.id IN (SELECT value FROM json_each(?))",
    "delete Writer": "DELETE FROM writers WHERE writers.id IN (SELECT value FROM json_each(?))",
    "delete point": "DELETE FROM points WHERE points.series_id = ? AND points.number = ?",
    "delete points": "DELETE FROM points WHERE points.series_id IN (SELECT value FROM json_each(?))",
    "holder Blob": "SELECT blobs.id FROM blobs WHERE blobs.digest = ?",
    "holder Condemned": "SELECT condemned.id FROM condemned WHERE condemned.digest = ?",
    "holder Experiment": "SELECT experiments.id FROM experiments WHERE experiments.uid = ?",
    "holder Iteration": "SELECT iterations.id FROM iterations WHERE iterations.uid = ?",
    "holder Model": "SELECT models.id FROM models WHERE models.project_id = ? AND models.name = ?",
    "holder ModelVersion": "SELECT model_versions.id FROM model_versions WHERE model_versions.model_id = ? AND model_versions.version = ?",
    "holder Parameter": 'SELECT parameters.id FROM parameters WHERE parameters.iteration_id = ? AND parameters."key" = ?',
    "holder Piece": "SELECT pieces.id FROM pieces WHERE pieces.digest = ? AND pieces.n = ?",
    "holder Project": "SELECT projects.id FROM projects WHERE projects.uid = ?",
    "holder Putting": "SELECT puttings.id FROM puttings WHERE puttings.digest = ? AND puttings.user_id = ?",
    "holder Resource": "SELECT resources.id FROM resources WHERE resources.uid = ?",
    "holder Summary": 'SELECT series.id FROM series WHERE series.iteration_id = ? AND series."key" = ?',
    "holder Tag": "SELECT tags.id FROM tags WHERE tags.value = ?",
    "holder Tagging": "SELECT taggings.id FROM taggings WHERE taggings.kind = ? AND taggings.subject_id = ? AND taggings.tag_id = ?",
    "holder Text": "SELECT texts.id FROM texts WHERE texts.digest = ?",
    "holder User": "SELECT users.id FROM users WHERE users.username = ?",
    "holder UserPermission": "SELECT permissions.id FROM permissions WHERE permissions.user_id = ? AND permissions.project_id = ?",
    "holder Writer": "SELECT writers.id FROM writers WHERE writers.uid = ?",
    "ids of series": "SELECT series.id FROM series WHERE series.iteration_id IN (SELECT value FROM json_each(?))",
    "insert Blob": "INSERT INTO blobs (id, digest, size, created_date, mark) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Condemned": "INSERT INTO condemned (id, digest, stage, created_date, mark) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Experiment": "INSERT INTO experiments (id, uid, project_id, status_id, name, description, created_date, end_date, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Iteration": "INSERT INTO iterations (id, uid, experiment_id, project_id, parent_iteration_id, writer_id, name, notes, created_date, end_date, reopened_date, status_id, error_message, traceback, lost_points, python_version, git_sha, git_dirty, entrypoint, project_toml, manifest_toml, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Model": "INSERT INTO models (id, project_id, name, description, created_date, updated_date, mark) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert ModelVersion": "INSERT INTO model_versions (id, model_id, version, iteration_id, resource_id, stage_id, description, created_date, updated_date, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Parameter": 'INSERT INTO parameters (id, iteration_id, "key", value, type, number, mark) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    "insert Piece": "INSERT INTO pieces (id, digest, n, data, created_date, mark) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Project": "INSERT INTO projects (id, uid, name, description, created_date, mark) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Putting": "INSERT INTO puttings (id, digest, user_id, created_date, mark) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Resource": "INSERT INTO resources (id, uid, experiment_id, iteration_id, name, description, media_type, original_name, created_date, updated_date, backend, size_bytes, content_hash, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Summary": 'INSERT INTO series (id, iteration_id, "key", count, first_step, last_step, first, last, min, max, next, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    "insert Tag": "INSERT INTO tags (id, value, mark) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Tagging": "INSERT INTO taggings (id, project_id, kind, subject_id, tag_id, mark) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Text": "INSERT INTO texts (id, digest, text, created_date, mark) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert User": "INSERT INTO users (id, username, password, first_name, last_name, created_date, is_admin, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert UserPermission": "INSERT INTO permissions (id, user_id, project_id, create_permission, read_permission, update_permission, delete_permission, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert Writer": "INSERT INTO writers (id, uid, user_id, host, pid, position, seen_at, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    "insert points": "INSERT INTO points (series_id, number, step, value, time) VALUES (?, ?, ?, ?, ?)",
    "keep batch": "INSERT INTO batches (id, digest, principal, at, receipt) VALUES (?, ?, ?, ?, ?)",
    "keep series": 'INSERT INTO series (id, iteration_id, "key", count, first_step, last_step, first, last, min, max, next, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET count = excluded.count, first_step = excluded.first_step, last_step = excluded.last_step, first = excluded.first, last = excluded.last, min = excluded.min, max = excluded.max, next = excluded.next, mark = excluded.mark',
    "migrated": "INSERT INTO deardiary_migrations (version, name) VALUES (?, ?)",
    "move writer": "UPDATE writers SET host=?, pid=?, position=?, seen_at=?, mark=? WHERE writers.id = ?",
    "one series": 'SELECT series.iteration_id, series.id, series."key", series.next, series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.id = ? AND series.count > 0',
    "point": "SELECT points.number, points.step, points.value, points.time FROM points WHERE points.series_id = ? AND points.number = ?",
    "points of a series": "SELECT points.step, points.value FROM points WHERE points.series_id = ? ORDER BY points.number",
    "points of series": "SELECT points.series_id, points.step, points.number, points.value, points.time FROM points WHERE points.series_id IN (SELECT value FROM json_each(?)) ORDER BY points.series_id, points.number",
    "project in experiments": "SELECT experiments.project_id FROM experiments WHERE experiments.id = ?",
    "project in iterations": "SELECT iterations.project_id FROM iterations WHERE iterations.id = ?",
    "project in projects": "SELECT projects.id FROM projects WHERE projects.id = ?",
    "sequence": "UPDATE ledger SET sequence=(ledger.sequence + 1) RETURNING sequence",
    "sequence now": "SELECT ledger.sequence FROM ledger",
    "series": 'SELECT series.id, series.iteration_id, series."key" FROM series WHERE series.count > 0',
    "series of a run": 'SELECT series.id, series."key", series.next, series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.iteration_id = ?',
    "series of runs": 'SELECT series.id, series.iteration_id, series."key" FROM series WHERE series.count > 0 AND (series.iteration_id IN (SELECT value FROM json_each(?)))',
    "text": "SELECT texts.id FROM texts WHERE texts.digest = ?",
    "update point": "UPDATE points SET step=?, value=?, time=? WHERE points.series_id = ? AND points.number = ?",
    "version": "SELECT max(deardiary_migrations.version) AS max_1 FROM deardiary_migrations",
    "writer": "SELECT writers.id, writers.user_id, writers.position FROM writers WHERE writers.uid = ?",
}

SHAPES = {
    "Shape(purpose='count', kind=Blob, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM blobs WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Blob, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM blobs WHERE blobs.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Blob, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM blobs WHERE blobs.digest = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Condemned, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM condemned WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Condemned, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM condemned WHERE condemned.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Condemned, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM condemned WHERE condemned.digest = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Experiment, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM experiments WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Experiment, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM experiments WHERE experiments.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Experiment, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM experiments WHERE experiments.project_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Experiment, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM experiments WHERE experiments.project_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Experiment, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM experiments WHERE experiments.uid = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Iteration, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Iteration, where=Among(term=Field(name='experiment_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE iterations.experiment_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Iteration, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE iterations.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Iteration, where=Among(term=Field(name='parent_iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE iterations.parent_iteration_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Iteration, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE iterations.project_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Iteration, where=Among(term=Field(name='writer_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE iterations.writer_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Iteration, where=Compare(term=Field(name='experiment_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE iterations.experiment_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Iteration, where=Compare(term=Field(name='parent_iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE iterations.parent_iteration_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Iteration, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE iterations.project_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Iteration, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE iterations.uid = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Iteration, where=Compare(term=Field(name='writer_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM iterations WHERE iterations.writer_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Model, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM models WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Model, where=All(parts=(Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='name', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM models WHERE models.project_id = ? AND models.name = ?",
        (0, 1),
    ),
    "Shape(purpose='count', kind=Model, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM models WHERE models.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Model, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM models WHERE models.project_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Model, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM models WHERE models.project_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=ModelVersion, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM model_versions WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=ModelVersion, where=All(parts=(Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='version', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM model_versions WHERE model_versions.model_id = ? AND model_versions.version = ?",
        (0, 1),
    ),
    "Shape(purpose='count', kind=ModelVersion, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM model_versions WHERE model_versions.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=ModelVersion, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM model_versions WHERE model_versions.iteration_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=ModelVersion, where=Among(term=Field(name='model_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM model_versions WHERE model_versions.model_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=ModelVersion, where=Among(term=Field(name='resource_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM model_versions WHERE model_versions.resource_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=ModelVersion, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM model_versions WHERE model_versions.iteration_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=ModelVersion, where=Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM model_versions WHERE model_versions.model_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=ModelVersion, where=Compare(term=Field(name='resource_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM model_versions WHERE model_versions.resource_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Parameter, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM parameters WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Parameter, where=All(parts=(Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='key', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT count(*) AS count_1 FROM parameters WHERE parameters.iteration_id = ? AND parameters."key" = ?',
        (0, 1),
    ),
    "Shape(purpose='count', kind=Parameter, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM parameters WHERE parameters.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Parameter, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM parameters WHERE parameters.iteration_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Parameter, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM parameters WHERE parameters.iteration_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Piece, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM pieces WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Piece, where=All(parts=(Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='n', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM pieces WHERE pieces.digest = ? AND pieces.n = ?",
        (0, 1),
    ),
    "Shape(purpose='count', kind=Piece, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM pieces WHERE pieces.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Project, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM projects WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Project, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM projects WHERE projects.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Project, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM projects WHERE projects.uid = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Putting, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM puttings WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Putting, where=All(parts=(Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM puttings WHERE puttings.digest = ? AND puttings.user_id = ?",
        (0, 1),
    ),
    "Shape(purpose='count', kind=Putting, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM puttings WHERE puttings.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Putting, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM puttings WHERE puttings.user_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Putting, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM puttings WHERE puttings.user_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Resource, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM resources WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Resource, where=Among(term=Field(name='experiment_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM resources WHERE resources.experiment_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Resource, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM resources WHERE resources.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Resource, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM resources WHERE resources.iteration_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Resource, where=Compare(term=Field(name='experiment_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM resources WHERE resources.experiment_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Resource, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM resources WHERE resources.iteration_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Resource, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM resources WHERE resources.uid = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Summary, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM series WHERE series.count > 0 AND 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Summary, where=All(parts=(Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='key', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT count(*) AS count_1 FROM series WHERE series.count > 0 AND series.iteration_id = ? AND series."key" = ?',
        (0, 1),
    ),
    "Shape(purpose='count', kind=Summary, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM series WHERE series.count > 0 AND (series.id IN (SELECT value FROM json_each(?)))",
        (0,),
    ),
    "Shape(purpose='count', kind=Summary, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM series WHERE series.count > 0 AND (series.iteration_id IN (SELECT value FROM json_each(?)))",
        (0,),
    ),
    "Shape(purpose='count', kind=Summary, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM series WHERE series.count > 0 AND series.iteration_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Tag, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM tags WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Tag, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM tags WHERE tags.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Tag, where=Compare(term=Field(name='value', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM tags WHERE tags.value = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Tagging, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM taggings WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Tagging, where=All(parts=(Compare(term=Field(name='kind', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='subject_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM taggings WHERE taggings.kind = ? AND taggings.subject_id = ?",
        (0, 1),
    ),
    "Shape(purpose='count', kind=Tagging, where=All(parts=(Compare(term=Field(name='kind', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='subject_id', of=''), operator='==', value=Slot(number=1, sort='number')), Compare(term=Field(name='tag_id', of=''), operator='==', value=Slot(number=2, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM taggings WHERE taggings.kind = ? AND taggings.subject_id = ? AND taggings.tag_id = ?",
        (0, 1, 2),
    ),
    "Shape(purpose='count', kind=Tagging, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM taggings WHERE taggings.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Tagging, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM taggings WHERE taggings.project_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Tagging, where=Among(term=Field(name='tag_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM taggings WHERE taggings.tag_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Tagging, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM taggings WHERE taggings.project_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Tagging, where=Compare(term=Field(name='tag_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM taggings WHERE taggings.tag_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Text, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM texts WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Text, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM texts WHERE texts.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Text, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM texts WHERE texts.digest = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=User, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM users WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=User, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM users WHERE users.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=User, where=Compare(term=Field(name='username', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM users WHERE users.username = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=UserPermission, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM permissions WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=UserPermission, where=All(parts=(Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM permissions WHERE permissions.user_id = ? AND permissions.project_id = ?",
        (0, 1),
    ),
    "Shape(purpose='count', kind=UserPermission, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM permissions WHERE permissions.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=UserPermission, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM permissions WHERE permissions.project_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=UserPermission, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM permissions WHERE permissions.user_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=UserPermission, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM permissions WHERE permissions.project_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=UserPermission, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM permissions WHERE permissions.user_id = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Writer, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM writers WHERE 1 = 1",
        (),
    ),
    "Shape(purpose='count', kind=Writer, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM writers WHERE writers.id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Writer, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM writers WHERE writers.user_id IN (SELECT value FROM json_each(?))",
        (0,),
    ),
    "Shape(purpose='count', kind=Writer, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM writers WHERE writers.uid = ?",
        (0,),
    ),
    "Shape(purpose='count', kind=Writer, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT count(*) AS count_1 FROM writers WHERE writers.user_id = ?",
        (0,),
    ),
    "Shape(purpose='ids', kind=Blob, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT blobs.id FROM blobs WHERE 1 = 1 ORDER BY blobs.id",
        (),
    ),
    "Shape(purpose='ids', kind=Condemned, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT condemned.id FROM condemned WHERE 1 = 1 ORDER BY condemned.id",
        (),
    ),
    "Shape(purpose='ids', kind=Experiment, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT experiments.id FROM experiments WHERE 1 = 1 ORDER BY experiments.id",
        (),
    ),
    "Shape(purpose='ids', kind=Experiment, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT experiments.id FROM experiments WHERE experiments.project_id IN (SELECT value FROM json_each(?)) ORDER BY experiments.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Experiment, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT experiments.id FROM experiments WHERE experiments.id = ? ORDER BY experiments.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Iteration, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE 1 = 1 ORDER BY iterations.id",
        (),
    ),
    "Shape(purpose='ids', kind=Iteration, where=Among(term=Field(name='experiment_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.experiment_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Iteration, where=Among(term=Field(name='parent_iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.parent_iteration_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Iteration, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.project_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Iteration, where=Among(term=Field(name='writer_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.writer_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Iteration, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.id = ? ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Model, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT models.id FROM models WHERE 1 = 1 ORDER BY models.id",
        (),
    ),
    "Shape(purpose='ids', kind=Model, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT models.id FROM models WHERE models.project_id IN (SELECT value FROM json_each(?)) ORDER BY models.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Model, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT models.id FROM models WHERE models.id = ? ORDER BY models.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=ModelVersion, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id FROM model_versions WHERE 1 = 1 ORDER BY model_versions.id",
        (),
    ),
    "Shape(purpose='ids', kind=ModelVersion, where=All(parts=(Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='stage_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id FROM model_versions WHERE model_versions.model_id = ? AND model_versions.stage_id = ? ORDER BY model_versions.id",
        (0, 1),
    ),
    "Shape(purpose='ids', kind=ModelVersion, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id FROM model_versions WHERE model_versions.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=ModelVersion, where=Among(term=Field(name='model_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id FROM model_versions WHERE model_versions.model_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=ModelVersion, where=Among(term=Field(name='resource_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id FROM model_versions WHERE model_versions.resource_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=ModelVersion, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id FROM model_versions WHERE model_versions.id = ? ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Parameter, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT parameters.id FROM parameters WHERE 1 = 1 ORDER BY parameters.id",
        (),
    ),
    "Shape(purpose='ids', kind=Parameter, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT parameters.id FROM parameters WHERE parameters.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY parameters.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Parameter, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT parameters.id FROM parameters WHERE parameters.id = ? ORDER BY parameters.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Piece, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT pieces.id FROM pieces WHERE 1 = 1 ORDER BY pieces.id",
        (),
    ),
    "Shape(purpose='ids', kind=Project, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT projects.id FROM projects WHERE 1 = 1 ORDER BY projects.id",
        (),
    ),
    "Shape(purpose='ids', kind=Project, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT projects.id FROM projects WHERE projects.id = ? ORDER BY projects.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Putting, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT puttings.id FROM puttings WHERE 1 = 1 ORDER BY puttings.id",
        (),
    ),
    "Shape(purpose='ids', kind=Putting, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT puttings.id FROM puttings WHERE puttings.user_id IN (SELECT value FROM json_each(?)) ORDER BY puttings.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Resource, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id FROM resources WHERE 1 = 1 ORDER BY resources.id",
        (),
    ),
    "Shape(purpose='ids', kind=Resource, where=Among(term=Field(name='experiment_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id FROM resources WHERE resources.experiment_id IN (SELECT value FROM json_each(?)) ORDER BY resources.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Resource, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id FROM resources WHERE resources.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY resources.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Resource, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id FROM resources WHERE resources.id = ? ORDER BY resources.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Summary, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT series.id FROM series WHERE series.count > 0 AND 1 = 1 ORDER BY series.id",
        (),
    ),
    "Shape(purpose='ids', kind=Summary, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT series.id FROM series WHERE series.count > 0 AND (series.iteration_id IN (SELECT value FROM json_each(?))) ORDER BY series.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Summary, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT series.id FROM series WHERE series.count > 0 AND series.id = ? ORDER BY series.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Tag, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT tags.id FROM tags WHERE 1 = 1 ORDER BY tags.id",
        (),
    ),
    "Shape(purpose='ids', kind=Tag, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT tags.id FROM tags WHERE tags.id = ? ORDER BY tags.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Tagging, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id FROM taggings WHERE 1 = 1 ORDER BY taggings.id",
        (),
    ),
    "Shape(purpose='ids', kind=Tagging, where=All(parts=(Among(term=Field(name='subject_id', of=''), values=(Slot(number=0, sort='numbers'),)), Compare(term=Field(name='kind', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id FROM taggings WHERE (taggings.subject_id IN (SELECT value FROM json_each(?))) AND taggings.kind = ? ORDER BY taggings.id",
        (0, 1),
    ),
    "Shape(purpose='ids', kind=Tagging, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id FROM taggings WHERE taggings.project_id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Tagging, where=Among(term=Field(name='tag_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id FROM taggings WHERE taggings.tag_id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Tagging, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id FROM taggings WHERE taggings.id = ? ORDER BY taggings.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Text, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT texts.id FROM texts WHERE 1 = 1 ORDER BY texts.id",
        (),
    ),
    "Shape(purpose='ids', kind=Text, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT texts.id FROM texts WHERE texts.id = ? ORDER BY texts.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=User, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT users.id FROM users WHERE 1 = 1 ORDER BY users.id",
        (),
    ),
    "Shape(purpose='ids', kind=User, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT users.id FROM users WHERE users.id = ? ORDER BY users.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=UserPermission, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id FROM permissions WHERE 1 = 1 ORDER BY permissions.id",
        (),
    ),
    "Shape(purpose='ids', kind=UserPermission, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id FROM permissions WHERE permissions.project_id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=UserPermission, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id FROM permissions WHERE permissions.user_id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=UserPermission, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id FROM permissions WHERE permissions.id = ? ORDER BY permissions.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Writer, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT writers.id FROM writers WHERE 1 = 1 ORDER BY writers.id",
        (),
    ),
    "Shape(purpose='ids', kind=Writer, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT writers.id FROM writers WHERE writers.user_id IN (SELECT value FROM json_each(?)) ORDER BY writers.id",
        (0,),
    ),
    "Shape(purpose='ids', kind=Writer, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT writers.id FROM writers WHERE writers.id = ? ORDER BY writers.id",
        (0,),
    ),
    "Shape(purpose='one', kind=Experiment, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='status_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT experiments.id FROM experiments WHERE experiments.id = ? AND experiments.status_id = ? LIMIT 1 OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='one', kind=Experiment, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT experiments.id FROM experiments WHERE experiments.id = ? LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='one', kind=Iteration, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), AnyOf(parts=(IsNone(term=Field(name='end_date', of='')), Compare(term=Field(name='end_date', of=''), operator='>=', value=Slot(number=1, sort='time')))))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.id = ? AND (iterations.end_date IS NULL OR iterations.end_date >= ?) LIMIT 1 OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='one', kind=Iteration, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='experiment_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.id = ? AND iterations.experiment_id = ? LIMIT 1 OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='one', kind=Iteration, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='project_id', of=''), operator='==', value=Of(kind=<class 'deardiary.core.entities.Model'>, id=Slot(number=1, sort='number'), term=Field(name='project_id', of=''))))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.id = ? AND iterations.project_id = (SELECT models_1.project_id FROM models AS models_1 WHERE models_1.id = ?) LIMIT 1 OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='one', kind=Iteration, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), IsNone(term=Field(name='end_date', of='')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.id = ? AND iterations.end_date IS NULL LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='one', kind=Iteration, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), Not(part=IsNone(term=Field(name='end_date', of=''))))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.id = ? AND coalesce(iterations.end_date IS NULL, 0) = 0 LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='one', kind=Iteration, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id FROM iterations WHERE iterations.id = ? LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='one', kind=Model, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT models.id FROM models WHERE models.id = ? LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='one', kind=ModelVersion, where=All(parts=(Compare(term=Field(name='model_id', of=''), operator='==', value=Of(kind=<class 'deardiary.core.entities.ModelVersion'>, id=Slot(number=0, sort='number'), term=Field(name='model_id', of=''))), Compare(term=Field(name='stage_id', of=''), operator='==', value=Slot(number=1, sort='number')), Compare(term=Field(name='id', of=''), operator='!=', value=Slot(number=2, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id FROM model_versions WHERE model_versions.model_id = (SELECT model_versions_1.model_id FROM model_versions AS model_versions_1 WHERE model_versions_1.id = ?) AND model_versions.stage_id = ? AND model_versions.id != ? LIMIT 1 OFFSET 0",
        (0, 1, 2),
    ),
    "Shape(purpose='one', kind=Parameter, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), Not(part=IsNone(term=Field(name='end_date', of='Iteration'))))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT parameters.id FROM parameters WHERE parameters.id = ? AND coalesce((SELECT iterations_1.end_date FROM iterations AS iterations_1 WHERE iterations_1.id = parameters.iteration_id) IS NULL, 0) = 0 LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='one', kind=Project, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT projects.id FROM projects WHERE projects.id = ? LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='one', kind=Resource, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='id', of='Project'), operator='==', value=Of(kind=<class 'deardiary.core.entities.Model'>, id=Slot(number=1, sort='number'), term=Field(name='project_id', of=''))))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id FROM resources WHERE resources.id = ? AND resources.experiment_id IN (SELECT experiments_1.id FROM experiments AS experiments_1 WHERE experiments_1.project_id IN (SELECT projects_1.id FROM projects AS projects_1 WHERE projects_1.id = (SELECT models_1.project_id FROM models AS models_1 WHERE models_1.id = ?))) LIMIT 1 OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='one', kind=Resource, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='id', of='Project'), operator='==', value=Of(kind=<class 'deardiary.core.entities.ModelVersion'>, id=Slot(number=1, sort='number'), term=Field(name='project_id', of='Model'))))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id FROM resources WHERE resources.id = ? AND resources.experiment_id IN (SELECT experiments_1.id FROM experiments AS experiments_1 WHERE experiments_1.project_id IN (SELECT projects_1.id FROM projects AS projects_1 WHERE projects_1.id = (SELECT (SELECT models_1.project_id FROM models AS models_1 WHERE models_1.id = model_versions_1.model_id) AS anon_1 FROM model_versions AS model_versions_1 WHERE model_versions_1.id = ?))) LIMIT 1 OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='one', kind=Summary, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), Not(part=IsNone(term=Field(name='end_date', of='Iteration'))))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT series.id FROM series WHERE series.count > 0 AND series.id = ? AND coalesce((SELECT iterations_1.end_date FROM iterations AS iterations_1 WHERE iterations_1.id = series.iteration_id) IS NULL, 0) = 0 LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='one', kind=Summary, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT series.id FROM series WHERE series.count > 0 AND series.id = ? LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='one', kind=Tag, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT tags.id FROM tags WHERE tags.id = ? LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='one', kind=User, where=All(parts=(Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='username', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT users.id FROM users WHERE users.id = ? AND users.username = ? LIMIT 1 OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='one', kind=User, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT users.id FROM users WHERE users.id = ? LIMIT 1 OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Blob, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT blobs.id, blobs.digest, blobs.size, blobs.created_date FROM blobs WHERE 1 = 1 ORDER BY blobs.id",
        (),
    ),
    "Shape(purpose='rows', kind=Blob, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT blobs.id, blobs.digest, blobs.size, blobs.created_date FROM blobs WHERE 1 = 1 ORDER BY blobs.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Blob, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT blobs.id, blobs.digest, blobs.size, blobs.created_date FROM blobs WHERE 1 = 1 ORDER BY blobs.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Blob, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT blobs.id, blobs.digest, blobs.size, blobs.created_date FROM blobs WHERE blobs.id IN (SELECT value FROM json_each(?)) ORDER BY blobs.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Blob, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT blobs.id, blobs.digest, blobs.size, blobs.created_date FROM blobs WHERE blobs.id IN (SELECT value FROM json_each(?)) ORDER BY blobs.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Blob, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT blobs.id, blobs.digest, blobs.size, blobs.created_date FROM blobs WHERE blobs.id IN (SELECT value FROM json_each(?)) ORDER BY blobs.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Blob, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT blobs.id, blobs.digest, blobs.size, blobs.created_date FROM blobs WHERE blobs.digest = ? ORDER BY blobs.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Blob, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT blobs.id, blobs.digest, blobs.size, blobs.created_date FROM blobs WHERE blobs.digest = ? ORDER BY blobs.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Blob, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT blobs.id, blobs.digest, blobs.size, blobs.created_date FROM blobs WHERE blobs.digest = ? ORDER BY blobs.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Blob, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT blobs.id, blobs.digest, blobs.size, blobs.created_date FROM blobs WHERE blobs.id = ? ORDER BY blobs.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Condemned, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT condemned.id, condemned.digest, condemned.stage, condemned.created_date FROM condemned WHERE 1 = 1 ORDER BY condemned.id",
        (),
    ),
    "Shape(purpose='rows', kind=Condemned, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT condemned.id, condemned.digest, condemned.stage, condemned.created_date FROM condemned WHERE 1 = 1 ORDER BY condemned.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Condemned, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT condemned.id, condemned.digest, condemned.stage, condemned.created_date FROM condemned WHERE 1 = 1 ORDER BY condemned.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Condemned, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT condemned.id, condemned.digest, condemned.stage, condemned.created_date FROM condemned WHERE condemned.id IN (SELECT value FROM json_each(?)) ORDER BY condemned.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Condemned, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT condemned.id, condemned.digest, condemned.stage, condemned.created_date FROM condemned WHERE condemned.id IN (SELECT value FROM json_each(?)) ORDER BY condemned.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Condemned, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT condemned.id, condemned.digest, condemned.stage, condemned.created_date FROM condemned WHERE condemned.id IN (SELECT value FROM json_each(?)) ORDER BY condemned.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Condemned, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT condemned.id, condemned.digest, condemned.stage, condemned.created_date FROM condemned WHERE condemned.digest = ? ORDER BY condemned.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Condemned, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT condemned.id, condemned.digest, condemned.stage, condemned.created_date FROM condemned WHERE condemned.digest = ? ORDER BY condemned.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Condemned, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT condemned.id, condemned.digest, condemned.stage, condemned.created_date FROM condemned WHERE condemned.digest = ? ORDER BY condemned.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Condemned, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT condemned.id, condemned.digest, condemned.stage, condemned.created_date FROM condemned WHERE condemned.id = ? ORDER BY condemned.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Experiment, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE 1 = 1 ORDER BY experiments.id",
        (),
    ),
    "Shape(purpose='rows', kind=Experiment, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE 1 = 1 ORDER BY experiments.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Experiment, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE 1 = 1 ORDER BY experiments.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.id IN (SELECT value FROM json_each(?)) ORDER BY experiments.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.id IN (SELECT value FROM json_each(?)) ORDER BY experiments.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.id IN (SELECT value FROM json_each(?)) ORDER BY experiments.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.project_id IN (SELECT value FROM json_each(?)) ORDER BY experiments.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.project_id IN (SELECT value FROM json_each(?)) ORDER BY experiments.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.project_id IN (SELECT value FROM json_each(?)) ORDER BY experiments.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.id = ? ORDER BY experiments.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.project_id = ? ORDER BY experiments.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.project_id = ? ORDER BY experiments.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.project_id = ? ORDER BY experiments.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.uid = ? ORDER BY experiments.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.uid = ? ORDER BY experiments.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Experiment, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT experiments.id, experiments.uid, experiments.project_id, experiments.status_id, experiments.name, experiments.description, experiments.created_date, experiments.end_date FROM experiments WHERE experiments.uid = ? ORDER BY experiments.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Iteration, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE 1 = 1 ORDER BY iterations.id",
        (),
    ),
    "Shape(purpose='rows', kind=Iteration, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE 1 = 1 ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE 1 = 1 ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='experiment_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.experiment_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='experiment_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.experiment_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='experiment_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.experiment_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='parent_iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.parent_iteration_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='parent_iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.parent_iteration_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='parent_iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.parent_iteration_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.project_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.project_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.project_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='writer_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.writer_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='writer_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.writer_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Among(term=Field(name='writer_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.writer_id IN (SELECT value FROM json_each(?)) ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='experiment_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.experiment_id = ? ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='experiment_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.experiment_id = ? ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='experiment_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.experiment_id = ? ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, iterations.traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, coalesce((SELECT texts.text FROM texts WHERE texts.id = iterations.project_toml), '') AS project_toml, coalesce((SELECT texts.text FROM texts WHERE texts.id = iterations.manifest_toml), '') AS manifest_toml FROM iterations WHERE iterations.id = ? ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='parent_iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.parent_iteration_id = ? ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='parent_iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.parent_iteration_id = ? ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='parent_iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.parent_iteration_id = ? ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.project_id = ? ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.project_id = ? ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.project_id = ? ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.uid = ? ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.uid = ? ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.uid = ? ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='writer_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.writer_id = ? ORDER BY iterations.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='writer_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.writer_id = ? ORDER BY iterations.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Iteration, where=Compare(term=Field(name='writer_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT iterations.id, iterations.uid, iterations.experiment_id, iterations.project_id, iterations.parent_iteration_id, iterations.writer_id, iterations.name, iterations.notes, iterations.created_date, iterations.end_date, iterations.reopened_date, iterations.status_id, iterations.error_message, NULL AS traceback, iterations.lost_points, iterations.python_version, iterations.git_sha, iterations.git_dirty, iterations.entrypoint, NULL AS project_toml, NULL AS manifest_toml FROM iterations WHERE iterations.writer_id = ? ORDER BY iterations.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Model, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE 1 = 1 ORDER BY models.id",
        (),
    ),
    "Shape(purpose='rows', kind=Model, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE 1 = 1 ORDER BY models.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Model, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE 1 = 1 ORDER BY models.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Model, where=All(parts=(Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='name', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.project_id = ? AND models.name = ? ORDER BY models.id",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Model, where=All(parts=(Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='name', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=None, fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.project_id = ? AND models.name = ? ORDER BY models.id LIMIT ? OFFSET 0",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Model, where=All(parts=(Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='name', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=Slot(number=3, sort='number'), fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.project_id = ? AND models.name = ? ORDER BY models.id LIMIT ? OFFSET ?",
        (0, 1, 2, 3),
    ),
    "Shape(purpose='rows', kind=Model, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.id IN (SELECT value FROM json_each(?)) ORDER BY models.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Model, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.id IN (SELECT value FROM json_each(?)) ORDER BY models.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Model, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.id IN (SELECT value FROM json_each(?)) ORDER BY models.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Model, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.project_id IN (SELECT value FROM json_each(?)) ORDER BY models.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Model, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.project_id IN (SELECT value FROM json_each(?)) ORDER BY models.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Model, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.project_id IN (SELECT value FROM json_each(?)) ORDER BY models.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Model, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.id = ? ORDER BY models.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Model, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.project_id = ? ORDER BY models.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Model, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.project_id = ? ORDER BY models.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Model, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT models.id, models.project_id, models.name, models.description, models.created_date, models.updated_date FROM models WHERE models.project_id = ? ORDER BY models.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE 1 = 1 ORDER BY model_versions.id",
        (),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE 1 = 1 ORDER BY model_versions.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE 1 = 1 ORDER BY model_versions.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=All(parts=()), order=(Order(term=Field(name='version', of=''), descending=False),), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date, CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END AS anon_1, model_versions.version AS version__1 FROM model_versions WHERE 1 = 1 ORDER BY CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END, model_versions.version ASC, model_versions.id",
        (),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=All(parts=(Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='version', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.model_id = ? AND model_versions.version = ? ORDER BY model_versions.id",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=All(parts=(Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='version', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.model_id = ? AND model_versions.version = ? ORDER BY model_versions.id LIMIT ? OFFSET 0",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=All(parts=(Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='version', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=Slot(number=3, sort='number'), fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.model_id = ? AND model_versions.version = ? ORDER BY model_versions.id LIMIT ? OFFSET ?",
        (0, 1, 2, 3),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=All(parts=(Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='version', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(Order(term=Field(name='version', of=''), descending=False),), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date, CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END AS anon_1, model_versions.version AS version__1 FROM model_versions WHERE model_versions.model_id = ? AND model_versions.version = ? ORDER BY CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END, model_versions.version ASC, model_versions.id",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(Order(term=Field(name='version', of=''), descending=False),), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date, CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END AS anon_1, model_versions.version AS version__1 FROM model_versions WHERE model_versions.id IN (SELECT value FROM json_each(?)) ORDER BY CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END, model_versions.version ASC, model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(Order(term=Field(name='version', of=''), descending=False),), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date, CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END AS anon_1, model_versions.version AS version__1 FROM model_versions WHERE model_versions.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END, model_versions.version ASC, model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='model_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.model_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='model_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.model_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='model_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.model_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='model_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(Order(term=Field(name='version', of=''), descending=False),), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date, CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END AS anon_1, model_versions.version AS version__1 FROM model_versions WHERE model_versions.model_id IN (SELECT value FROM json_each(?)) ORDER BY CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END, model_versions.version ASC, model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='resource_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.resource_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='resource_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.resource_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='resource_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.resource_id IN (SELECT value FROM json_each(?)) ORDER BY model_versions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Among(term=Field(name='resource_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(Order(term=Field(name='version', of=''), descending=False),), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date, CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END AS anon_1, model_versions.version AS version__1 FROM model_versions WHERE model_versions.resource_id IN (SELECT value FROM json_each(?)) ORDER BY CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END, model_versions.version ASC, model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.id = ? ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.iteration_id = ? ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.iteration_id = ? ORDER BY model_versions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.iteration_id = ? ORDER BY model_versions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(Order(term=Field(name='version', of=''), descending=False),), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date, CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END AS anon_1, model_versions.version AS version__1 FROM model_versions WHERE model_versions.iteration_id = ? ORDER BY CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END, model_versions.version ASC, model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.model_id = ? ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.model_id = ? ORDER BY model_versions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.model_id = ? ORDER BY model_versions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='model_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(Order(term=Field(name='version', of=''), descending=False),), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date, CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END AS anon_1, model_versions.version AS version__1 FROM model_versions WHERE model_versions.model_id = ? ORDER BY CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END, model_versions.version ASC, model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='resource_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.resource_id = ? ORDER BY model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='resource_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.resource_id = ? ORDER BY model_versions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='resource_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date FROM model_versions WHERE model_versions.resource_id = ? ORDER BY model_versions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=ModelVersion, where=Compare(term=Field(name='resource_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(Order(term=Field(name='version', of=''), descending=False),), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT model_versions.id, model_versions.model_id, model_versions.version, model_versions.iteration_id, model_versions.resource_id, model_versions.stage_id, model_versions.description, model_versions.created_date, model_versions.updated_date, CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END AS anon_1, model_versions.version AS version__1 FROM model_versions WHERE model_versions.resource_id = ? ORDER BY CASE WHEN (model_versions.version IS NULL) THEN 2 ELSE 0 END, model_versions.version ASC, model_versions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Parameter, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE 1 = 1 ORDER BY parameters.id',
        (),
    ),
    "Shape(purpose='rows', kind=Parameter, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE 1 = 1 ORDER BY parameters.id LIMIT ? OFFSET 0',
        (0,),
    ),
    "Shape(purpose='rows', kind=Parameter, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE 1 = 1 ORDER BY parameters.id LIMIT ? OFFSET ?',
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Parameter, where=All(parts=(Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='key', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.iteration_id = ? AND parameters."key" = ? ORDER BY parameters.id',
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Parameter, where=All(parts=(Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='key', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=None, fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.iteration_id = ? AND parameters."key" = ? ORDER BY parameters.id LIMIT ? OFFSET 0',
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Parameter, where=All(parts=(Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='key', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=Slot(number=3, sort='number'), fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.iteration_id = ? AND parameters."key" = ? ORDER BY parameters.id LIMIT ? OFFSET ?',
        (0, 1, 2, 3),
    ),
    "Shape(purpose='rows', kind=Parameter, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.id IN (SELECT value FROM json_each(?)) ORDER BY parameters.id',
        (0,),
    ),
    "Shape(purpose='rows', kind=Parameter, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.id IN (SELECT value FROM json_each(?)) ORDER BY parameters.id LIMIT ? OFFSET 0',
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Parameter, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.id IN (SELECT value FROM json_each(?)) ORDER BY parameters.id LIMIT ? OFFSET ?',
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Parameter, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY parameters.id',
        (0,),
    ),
    "Shape(purpose='rows', kind=Parameter, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY parameters.id LIMIT ? OFFSET 0',
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Parameter, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY parameters.id LIMIT ? OFFSET ?',
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Parameter, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.id = ? ORDER BY parameters.id',
        (0,),
    ),
    "Shape(purpose='rows', kind=Parameter, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.iteration_id = ? ORDER BY parameters.id',
        (0,),
    ),
    "Shape(purpose='rows', kind=Parameter, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.iteration_id = ? ORDER BY parameters.id LIMIT ? OFFSET 0',
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Parameter, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        'SELECT parameters.id, parameters.iteration_id, parameters."key", parameters.value, parameters.type, parameters.number FROM parameters WHERE parameters.iteration_id = ? ORDER BY parameters.id LIMIT ? OFFSET ?',
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Piece, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT pieces.id, pieces.digest, pieces.n, NULL AS data, pieces.created_date FROM pieces WHERE 1 = 1 ORDER BY pieces.id",
        (),
    ),
    "Shape(purpose='rows', kind=Piece, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT pieces.id, pieces.digest, pieces.n, NULL AS data, pieces.created_date FROM pieces WHERE 1 = 1 ORDER BY pieces.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Piece, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT pieces.id, pieces.digest, pieces.n, NULL AS data, pieces.created_date FROM pieces WHERE 1 = 1 ORDER BY pieces.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Piece, where=All(parts=(Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='n', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT pieces.id, pieces.digest, pieces.n, NULL AS data, pieces.created_date FROM pieces WHERE pieces.digest = ? AND pieces.n = ? ORDER BY pieces.id",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Piece, where=All(parts=(Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='n', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=None, fill=False)": (
        "SELECT pieces.id, pieces.digest, pieces.n, NULL AS data, pieces.created_date FROM pieces WHERE pieces.digest = ? AND pieces.n = ? ORDER BY pieces.id LIMIT ? OFFSET 0",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Piece, where=All(parts=(Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='n', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=Slot(number=3, sort='number'), fill=False)": (
        "SELECT pieces.id, pieces.digest, pieces.n, NULL AS data, pieces.created_date FROM pieces WHERE pieces.digest = ? AND pieces.n = ? ORDER BY pieces.id LIMIT ? OFFSET ?",
        (0, 1, 2, 3),
    ),
    "Shape(purpose='rows', kind=Piece, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT pieces.id, pieces.digest, pieces.n, NULL AS data, pieces.created_date FROM pieces WHERE pieces.id IN (SELECT value FROM json_each(?)) ORDER BY pieces.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Piece, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT pieces.id, pieces.digest, pieces.n, NULL AS data, pieces.created_date FROM pieces WHERE pieces.id IN (SELECT value FROM json_each(?)) ORDER BY pieces.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Piece, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT pieces.id, pieces.digest, pieces.n, NULL AS data, pieces.created_date FROM pieces WHERE pieces.id IN (SELECT value FROM json_each(?)) ORDER BY pieces.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Piece, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT pieces.id, pieces.digest, pieces.n, pieces.data, pieces.created_date FROM pieces WHERE pieces.id = ? ORDER BY pieces.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Project, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT projects.id, projects.uid, projects.name, projects.description, projects.created_date FROM projects WHERE 1 = 1 ORDER BY projects.id",
        (),
    ),
    "Shape(purpose='rows', kind=Project, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT projects.id, projects.uid, projects.name, projects.description, projects.created_date FROM projects WHERE 1 = 1 ORDER BY projects.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Project, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT projects.id, projects.uid, projects.name, projects.description, projects.created_date FROM projects WHERE 1 = 1 ORDER BY projects.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Project, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT projects.id, projects.uid, projects.name, projects.description, projects.created_date FROM projects WHERE projects.id IN (SELECT value FROM json_each(?)) ORDER BY projects.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Project, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT projects.id, projects.uid, projects.name, projects.description, projects.created_date FROM projects WHERE projects.id IN (SELECT value FROM json_each(?)) ORDER BY projects.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Project, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT projects.id, projects.uid, projects.name, projects.description, projects.created_date FROM projects WHERE projects.id IN (SELECT value FROM json_each(?)) ORDER BY projects.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Project, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT projects.id, projects.uid, projects.name, projects.description, projects.created_date FROM projects WHERE projects.id = ? ORDER BY projects.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Project, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT projects.id, projects.uid, projects.name, projects.description, projects.created_date FROM projects WHERE projects.uid = ? ORDER BY projects.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Project, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT projects.id, projects.uid, projects.name, projects.description, projects.created_date FROM projects WHERE projects.uid = ? ORDER BY projects.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Project, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT projects.id, projects.uid, projects.name, projects.description, projects.created_date FROM projects WHERE projects.uid = ? ORDER BY projects.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Putting, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE 1 = 1 ORDER BY puttings.id",
        (),
    ),
    "Shape(purpose='rows', kind=Putting, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE 1 = 1 ORDER BY puttings.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Putting, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE 1 = 1 ORDER BY puttings.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Putting, where=All(parts=(Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.digest = ? AND puttings.user_id = ? ORDER BY puttings.id",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Putting, where=All(parts=(Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=None, fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.digest = ? AND puttings.user_id = ? ORDER BY puttings.id LIMIT ? OFFSET 0",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Putting, where=All(parts=(Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=Slot(number=3, sort='number'), fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.digest = ? AND puttings.user_id = ? ORDER BY puttings.id LIMIT ? OFFSET ?",
        (0, 1, 2, 3),
    ),
    "Shape(purpose='rows', kind=Putting, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.id IN (SELECT value FROM json_each(?)) ORDER BY puttings.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Putting, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.id IN (SELECT value FROM json_each(?)) ORDER BY puttings.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Putting, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.id IN (SELECT value FROM json_each(?)) ORDER BY puttings.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Putting, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.user_id IN (SELECT value FROM json_each(?)) ORDER BY puttings.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Putting, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.user_id IN (SELECT value FROM json_each(?)) ORDER BY puttings.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Putting, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.user_id IN (SELECT value FROM json_each(?)) ORDER BY puttings.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Putting, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.id = ? ORDER BY puttings.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Putting, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.user_id = ? ORDER BY puttings.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Putting, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.user_id = ? ORDER BY puttings.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Putting, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT puttings.id, puttings.digest, puttings.user_id, puttings.created_date FROM puttings WHERE puttings.user_id = ? ORDER BY puttings.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Resource, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE 1 = 1 ORDER BY resources.id",
        (),
    ),
    "Shape(purpose='rows', kind=Resource, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE 1 = 1 ORDER BY resources.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Resource, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE 1 = 1 ORDER BY resources.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Resource, where=Among(term=Field(name='experiment_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.experiment_id IN (SELECT value FROM json_each(?)) ORDER BY resources.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Resource, where=Among(term=Field(name='experiment_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.experiment_id IN (SELECT value FROM json_each(?)) ORDER BY resources.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Resource, where=Among(term=Field(name='experiment_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.experiment_id IN (SELECT value FROM json_each(?)) ORDER BY resources.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Resource, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.id IN (SELECT value FROM json_each(?)) ORDER BY resources.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Resource, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.id IN (SELECT value FROM json_each(?)) ORDER BY resources.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Resource, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.id IN (SELECT value FROM json_each(?)) ORDER BY resources.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Resource, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY resources.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Resource, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY resources.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Resource, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.iteration_id IN (SELECT value FROM json_each(?)) ORDER BY resources.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Resource, where=Compare(term=Field(name='experiment_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.experiment_id = ? ORDER BY resources.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Resource, where=Compare(term=Field(name='experiment_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.experiment_id = ? ORDER BY resources.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Resource, where=Compare(term=Field(name='experiment_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.experiment_id = ? ORDER BY resources.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Resource, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.id = ? ORDER BY resources.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Resource, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.iteration_id = ? ORDER BY resources.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Resource, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.iteration_id = ? ORDER BY resources.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Resource, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.iteration_id = ? ORDER BY resources.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Resource, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.uid = ? ORDER BY resources.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Resource, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.uid = ? ORDER BY resources.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Resource, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT resources.id, resources.uid, resources.experiment_id, resources.iteration_id, resources.name, resources.description, resources.media_type, resources.original_name, resources.created_date, resources.updated_date, resources.backend, resources.size_bytes, resources.content_hash FROM resources WHERE resources.uid = ? ORDER BY resources.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Summary, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND 1 = 1 ORDER BY series.id',
        (),
    ),
    "Shape(purpose='rows', kind=Summary, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND 1 = 1 ORDER BY series.id LIMIT ? OFFSET 0',
        (0,),
    ),
    "Shape(purpose='rows', kind=Summary, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND 1 = 1 ORDER BY series.id LIMIT ? OFFSET ?',
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Summary, where=All(parts=(Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='key', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND series.iteration_id = ? AND series."key" = ? ORDER BY series.id',
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Summary, where=All(parts=(Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='key', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=None, fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND series.iteration_id = ? AND series."key" = ? ORDER BY series.id LIMIT ? OFFSET 0',
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Summary, where=All(parts=(Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='key', of=''), operator='==', value=Slot(number=1, sort='text')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=Slot(number=3, sort='number'), fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND series.iteration_id = ? AND series."key" = ? ORDER BY series.id LIMIT ? OFFSET ?',
        (0, 1, 2, 3),
    ),
    "Shape(purpose='rows', kind=Summary, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND (series.id IN (SELECT value FROM json_each(?))) ORDER BY series.id',
        (0,),
    ),
    "Shape(purpose='rows', kind=Summary, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND (series.id IN (SELECT value FROM json_each(?))) ORDER BY series.id LIMIT ? OFFSET 0',
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Summary, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND (series.id IN (SELECT value FROM json_each(?))) ORDER BY series.id LIMIT ? OFFSET ?',
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Summary, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND (series.iteration_id IN (SELECT value FROM json_each(?))) ORDER BY series.id',
        (0,),
    ),
    "Shape(purpose='rows', kind=Summary, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND (series.iteration_id IN (SELECT value FROM json_each(?))) ORDER BY series.id LIMIT ? OFFSET 0',
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Summary, where=Among(term=Field(name='iteration_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND (series.iteration_id IN (SELECT value FROM json_each(?))) ORDER BY series.id LIMIT ? OFFSET ?',
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Summary, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND series.id = ? ORDER BY series.id',
        (0,),
    ),
    "Shape(purpose='rows', kind=Summary, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND series.iteration_id = ? ORDER BY series.id',
        (0,),
    ),
    "Shape(purpose='rows', kind=Summary, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND series.iteration_id = ? ORDER BY series.id LIMIT ? OFFSET 0',
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Summary, where=Compare(term=Field(name='iteration_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        'SELECT series.id, series.iteration_id, series."key", series.count, series.first_step, series.last_step, series.first, series.last, series.min, series.max FROM series WHERE series.count > 0 AND series.iteration_id = ? ORDER BY series.id LIMIT ? OFFSET ?',
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Tag, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT tags.id, tags.value FROM tags WHERE 1 = 1 ORDER BY tags.id",
        (),
    ),
    "Shape(purpose='rows', kind=Tag, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT tags.id, tags.value FROM tags WHERE 1 = 1 ORDER BY tags.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tag, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT tags.id, tags.value FROM tags WHERE 1 = 1 ORDER BY tags.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Tag, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT tags.id, tags.value FROM tags WHERE tags.id IN (SELECT value FROM json_each(?)) ORDER BY tags.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tag, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT tags.id, tags.value FROM tags WHERE tags.id IN (SELECT value FROM json_each(?)) ORDER BY tags.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Tag, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT tags.id, tags.value FROM tags WHERE tags.id IN (SELECT value FROM json_each(?)) ORDER BY tags.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Tag, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT tags.id, tags.value FROM tags WHERE tags.id = ? ORDER BY tags.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tag, where=Compare(term=Field(name='value', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT tags.id, tags.value FROM tags WHERE tags.value = ? ORDER BY tags.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tag, where=Compare(term=Field(name='value', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT tags.id, tags.value FROM tags WHERE tags.value = ? ORDER BY tags.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Tag, where=Compare(term=Field(name='value', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT tags.id, tags.value FROM tags WHERE tags.value = ? ORDER BY tags.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Tagging, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE 1 = 1 ORDER BY taggings.id",
        (),
    ),
    "Shape(purpose='rows', kind=Tagging, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE 1 = 1 ORDER BY taggings.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tagging, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE 1 = 1 ORDER BY taggings.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Tagging, where=All(parts=(Compare(term=Field(name='kind', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='subject_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.kind = ? AND taggings.subject_id = ? ORDER BY taggings.id",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Tagging, where=All(parts=(Compare(term=Field(name='kind', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='subject_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.kind = ? AND taggings.subject_id = ? ORDER BY taggings.id LIMIT ? OFFSET 0",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Tagging, where=All(parts=(Compare(term=Field(name='kind', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='subject_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=Slot(number=3, sort='number'), fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.kind = ? AND taggings.subject_id = ? ORDER BY taggings.id LIMIT ? OFFSET ?",
        (0, 1, 2, 3),
    ),
    "Shape(purpose='rows', kind=Tagging, where=All(parts=(Compare(term=Field(name='kind', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='subject_id', of=''), operator='==', value=Slot(number=1, sort='number')), Compare(term=Field(name='tag_id', of=''), operator='==', value=Slot(number=2, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.kind = ? AND taggings.subject_id = ? AND taggings.tag_id = ? ORDER BY taggings.id",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Tagging, where=All(parts=(Compare(term=Field(name='kind', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='subject_id', of=''), operator='==', value=Slot(number=1, sort='number')), Compare(term=Field(name='tag_id', of=''), operator='==', value=Slot(number=2, sort='number')))), order=(), after=None, since=None, limit=Slot(number=3, sort='number'), offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.kind = ? AND taggings.subject_id = ? AND taggings.tag_id = ? ORDER BY taggings.id LIMIT ? OFFSET 0",
        (0, 1, 2, 3),
    ),
    "Shape(purpose='rows', kind=Tagging, where=All(parts=(Compare(term=Field(name='kind', of=''), operator='==', value=Slot(number=0, sort='text')), Compare(term=Field(name='subject_id', of=''), operator='==', value=Slot(number=1, sort='number')), Compare(term=Field(name='tag_id', of=''), operator='==', value=Slot(number=2, sort='number')))), order=(), after=None, since=None, limit=Slot(number=3, sort='number'), offset=Slot(number=4, sort='number'), fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.kind = ? AND taggings.subject_id = ? AND taggings.tag_id = ? ORDER BY taggings.id LIMIT ? OFFSET ?",
        (0, 1, 2, 3, 4),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.project_id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.project_id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.project_id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Among(term=Field(name='tag_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.tag_id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Among(term=Field(name='tag_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.tag_id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Among(term=Field(name='tag_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.tag_id IN (SELECT value FROM json_each(?)) ORDER BY taggings.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.id = ? ORDER BY taggings.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.project_id = ? ORDER BY taggings.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.project_id = ? ORDER BY taggings.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.project_id = ? ORDER BY taggings.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Compare(term=Field(name='tag_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.tag_id = ? ORDER BY taggings.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Compare(term=Field(name='tag_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.tag_id = ? ORDER BY taggings.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Tagging, where=Compare(term=Field(name='tag_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT taggings.id, taggings.project_id, taggings.kind, taggings.subject_id, taggings.tag_id FROM taggings WHERE taggings.tag_id = ? ORDER BY taggings.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Text, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT texts.id, texts.digest, NULL AS text, texts.created_date FROM texts WHERE 1 = 1 ORDER BY texts.id",
        (),
    ),
    "Shape(purpose='rows', kind=Text, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT texts.id, texts.digest, NULL AS text, texts.created_date FROM texts WHERE 1 = 1 ORDER BY texts.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Text, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT texts.id, texts.digest, NULL AS text, texts.created_date FROM texts WHERE 1 = 1 ORDER BY texts.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Text, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT texts.id, texts.digest, NULL AS text, texts.created_date FROM texts WHERE texts.id IN (SELECT value FROM json_each(?)) ORDER BY texts.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Text, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT texts.id, texts.digest, NULL AS text, texts.created_date FROM texts WHERE texts.id IN (SELECT value FROM json_each(?)) ORDER BY texts.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Text, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT texts.id, texts.digest, NULL AS text, texts.created_date FROM texts WHERE texts.id IN (SELECT value FROM json_each(?)) ORDER BY texts.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Text, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT texts.id, texts.digest, NULL AS text, texts.created_date FROM texts WHERE texts.digest = ? ORDER BY texts.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Text, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT texts.id, texts.digest, NULL AS text, texts.created_date FROM texts WHERE texts.digest = ? ORDER BY texts.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Text, where=Compare(term=Field(name='digest', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT texts.id, texts.digest, NULL AS text, texts.created_date FROM texts WHERE texts.digest = ? ORDER BY texts.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Text, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT texts.id, texts.digest, texts.text, texts.created_date FROM texts WHERE texts.id = ? ORDER BY texts.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=User, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT users.id, users.username, users.password, users.first_name, users.last_name, users.created_date, users.is_admin FROM users WHERE 1 = 1 ORDER BY users.id",
        (),
    ),
    "Shape(purpose='rows', kind=User, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT users.id, users.username, users.password, users.first_name, users.last_name, users.created_date, users.is_admin FROM users WHERE 1 = 1 ORDER BY users.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=User, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT users.id, users.username, users.password, users.first_name, users.last_name, users.created_date, users.is_admin FROM users WHERE 1 = 1 ORDER BY users.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=User, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT users.id, users.username, users.password, users.first_name, users.last_name, users.created_date, users.is_admin FROM users WHERE users.id IN (SELECT value FROM json_each(?)) ORDER BY users.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=User, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT users.id, users.username, users.password, users.first_name, users.last_name, users.created_date, users.is_admin FROM users WHERE users.id IN (SELECT value FROM json_each(?)) ORDER BY users.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=User, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT users.id, users.username, users.password, users.first_name, users.last_name, users.created_date, users.is_admin FROM users WHERE users.id IN (SELECT value FROM json_each(?)) ORDER BY users.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=User, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT users.id, users.username, users.password, users.first_name, users.last_name, users.created_date, users.is_admin FROM users WHERE users.id = ? ORDER BY users.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=User, where=Compare(term=Field(name='username', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT users.id, users.username, users.password, users.first_name, users.last_name, users.created_date, users.is_admin FROM users WHERE users.username = ? ORDER BY users.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=User, where=Compare(term=Field(name='username', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT users.id, users.username, users.password, users.first_name, users.last_name, users.created_date, users.is_admin FROM users WHERE users.username = ? ORDER BY users.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=User, where=Compare(term=Field(name='username', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT users.id, users.username, users.password, users.first_name, users.last_name, users.created_date, users.is_admin FROM users WHERE users.username = ? ORDER BY users.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE 1 = 1 ORDER BY permissions.id",
        (),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE 1 = 1 ORDER BY permissions.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE 1 = 1 ORDER BY permissions.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=All(parts=(Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.user_id = ? AND permissions.project_id = ? ORDER BY permissions.id",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=All(parts=(Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.user_id = ? AND permissions.project_id = ? ORDER BY permissions.id LIMIT ? OFFSET 0",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=All(parts=(Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=1, sort='number')))), order=(), after=None, since=None, limit=Slot(number=2, sort='number'), offset=Slot(number=3, sort='number'), fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.user_id = ? AND permissions.project_id = ? ORDER BY permissions.id LIMIT ? OFFSET ?",
        (0, 1, 2, 3),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.project_id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.project_id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Among(term=Field(name='project_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.project_id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.user_id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.user_id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.user_id IN (SELECT value FROM json_each(?)) ORDER BY permissions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.id = ? ORDER BY permissions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.project_id = ? ORDER BY permissions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.project_id = ? ORDER BY permissions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Compare(term=Field(name='project_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.project_id = ? ORDER BY permissions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.user_id = ? ORDER BY permissions.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.user_id = ? ORDER BY permissions.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=UserPermission, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT permissions.id, permissions.user_id, permissions.project_id, permissions.create_permission, permissions.read_permission, permissions.update_permission, permissions.delete_permission FROM permissions WHERE permissions.user_id = ? ORDER BY permissions.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Writer, where=All(parts=()), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE 1 = 1 ORDER BY writers.id",
        (),
    ),
    "Shape(purpose='rows', kind=Writer, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=None, fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE 1 = 1 ORDER BY writers.id LIMIT ? OFFSET 0",
        (0,),
    ),
    "Shape(purpose='rows', kind=Writer, where=All(parts=()), order=(), after=None, since=None, limit=Slot(number=0, sort='number'), offset=Slot(number=1, sort='number'), fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE 1 = 1 ORDER BY writers.id LIMIT ? OFFSET ?",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Writer, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.id IN (SELECT value FROM json_each(?)) ORDER BY writers.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Writer, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.id IN (SELECT value FROM json_each(?)) ORDER BY writers.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Writer, where=Among(term=Field(name='id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.id IN (SELECT value FROM json_each(?)) ORDER BY writers.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Writer, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.user_id IN (SELECT value FROM json_each(?)) ORDER BY writers.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Writer, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.user_id IN (SELECT value FROM json_each(?)) ORDER BY writers.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Writer, where=Among(term=Field(name='user_id', of=''), values=(Slot(number=0, sort='numbers'),)), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.user_id IN (SELECT value FROM json_each(?)) ORDER BY writers.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Writer, where=Compare(term=Field(name='id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=True)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.id = ? ORDER BY writers.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Writer, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.uid = ? ORDER BY writers.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Writer, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.uid = ? ORDER BY writers.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Writer, where=Compare(term=Field(name='uid', of=''), operator='==', value=Slot(number=0, sort='text')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.uid = ? ORDER BY writers.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
    "Shape(purpose='rows', kind=Writer, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=None, offset=None, fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.user_id = ? ORDER BY writers.id",
        (0,),
    ),
    "Shape(purpose='rows', kind=Writer, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=None, fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.user_id = ? ORDER BY writers.id LIMIT ? OFFSET 0",
        (0, 1),
    ),
    "Shape(purpose='rows', kind=Writer, where=Compare(term=Field(name='user_id', of=''), operator='==', value=Slot(number=0, sort='number')), order=(), after=None, since=None, limit=Slot(number=1, sort='number'), offset=Slot(number=2, sort='number'), fill=False)": (
        "SELECT writers.id, writers.uid, writers.user_id, writers.host, writers.pid, writers.position, writers.seen_at FROM writers WHERE writers.user_id = ? ORDER BY writers.id LIMIT ? OFFSET ?",
        (0, 1, 2),
    ),
}

TEXTS = Texts(dialect="sqlite", ddl=DDL, fixed=FIXED, shapes=SHAPES)

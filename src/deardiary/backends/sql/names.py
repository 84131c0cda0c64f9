"""What the tables are called, and how long chunks are, for those who speak SQL without a schema in memory."""

TABLES = {
    "User": "users",
    "Project": "projects",
    "UserPermission": "permissions",
    "Experiment": "experiments",
    "Iteration": "iterations",
    "Parameter": "parameters",
    "Summary": "series",
    "Resource": "resources",
    "Tag": "tags",
    "Tagging": "taggings",
    "Model": "models",
    "ModelVersion": "model_versions",
    "Text": "texts",
    "Writer": "writers",
    "Piece": "pieces",
    "Blob": "blobs",
    "Condemned": "condemned",
    "Putting": "puttings",
}
"""The table of each kind."""

POINTS = ("tail", "stamps", "chunks")
"""The tables of points, on engines that keep rows one by one."""

CLOSED = 8_192
"""From so many points on a chunk is left as it is; shorter ones take in those that come next."""

LONGEST = 16_384
"""So many points a chunk has at most."""

"""What the tables are called, for those who speak SQL without a schema in memory."""

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

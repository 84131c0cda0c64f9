"""Whether the long form of the tests is wanted: `make nightly`."""

import os

NIGHTLY = bool(os.environ.get("DEARDIARY_NIGHTLY"))

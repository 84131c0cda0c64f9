"""The second door: everything that the author of a store may import, and nothing else."""

from deardiary.artifacts.bucket import Bucket, BucketStore
from deardiary.artifacts.streams import check_range, part, staged
from deardiary.backends.shelf import Log, LoggedStore, Shelf, ShelfStore
from deardiary.core.book import SeriesBook
from deardiary.core.changes import Append, Batch, Drop, Expect, Insert, Patch, Placed, Receipt, Stream
from deardiary.core.declared import Declared, Entity, Fact, facts, kind_named, kinds
from deardiary.core.digests import check_digest
from deardiary.core.errors import Corrupt, Invalid, NotFound, StorageFull, Unavailable
from deardiary.core.ledger import View
from deardiary.core.matching import matches, order_key, page
from deardiary.core.points import Column, Points
from deardiary.core.queries import Order, Page, Query, Series, SeriesQuery
from deardiary.core.settle import settle
from deardiary.core.stores import ArtifactStore, Digest, Store, Stored
from deardiary.hooks import plugin
from deardiary.schemes import Check, Scheme, Traits

__all__ = [
    "Append",
    "ArtifactStore",
    "Batch",
    "Bucket",
    "BucketStore",
    "Check",
    "Column",
    "Corrupt",
    "Declared",
    "Digest",
    "Drop",
    "Entity",
    "Expect",
    "Fact",
    "Insert",
    "Invalid",
    "Log",
    "LoggedStore",
    "NotFound",
    "Order",
    "Page",
    "Patch",
    "Placed",
    "Points",
    "Query",
    "Receipt",
    "Scheme",
    "Series",
    "SeriesBook",
    "SeriesQuery",
    "Shelf",
    "ShelfStore",
    "StorageFull",
    "Store",
    "Stored",
    "Stream",
    "Traits",
    "Unavailable",
    "View",
    "check_digest",
    "check_range",
    "facts",
    "kind_named",
    "kinds",
    "matches",
    "order_key",
    "page",
    "part",
    "plugin",
    "settle",
    "staged",
]

"""Lists that come page by page, when a page is asked for."""

from typing import Generic, TypeVar

from attrs import field, frozen

from deardiary.core.alike import Alike

Row = TypeVar("Row")


@frozen(eq=False, repr=False)
class Pagination(Alike):
    """Which part of a list is wanted."""

    limit: int
    offset: int = 0


@frozen(eq=False, repr=False)
class PaginatedResponse(Alike, Generic[Row]):
    """A part of a list, and how long all of it is."""

    data: list[Row] = field()
    total: int
    limit: int
    offset: int

    def __len__(self) -> int:
        return len(self.data)

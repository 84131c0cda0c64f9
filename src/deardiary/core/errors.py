"""What can go wrong, each cause with a class, a status and a code of its own.

DearDiaryError
├── ConfigError                  500 CONFIG_ERROR
├── Invalid                      422 INVALID_PAYLOAD     what was sent makes no sense
├── Unprocessable                422 INVALID_PAYLOAD     it makes sense, and a rule forbids it
├── Duplicate                    409 CONFLICT
├── NotFound                     404 NOT_FOUND           absent, or not for these eyes
├── Unauthenticated              401 INVALID_CREDENTIALS
├── Forbidden                    403 PROJECT_PERMISSION_REQUIRED
│   ├── AdminRequired            403 ADMIN_REQUIRED
│   └── SameUserRequired         403 SAME_USER_REQUIRED
├── Misplaced                    409 MISPLACED           with the writer's position
├── StorageFull                  507 STORAGE_FULL
├── Corrupt                      500 CORRUPT
└── Unavailable                  503 UNAVAILABLE         also a ConnectionError
    └── Held                     503 UNAVAILABLE         another process alone may have it open
"""

from collections.abc import Callable
from typing import Any, ClassVar


class DearDiaryError(Exception):
    """Anything that deardiary refuses or fails to do; `ClientError` is another name for it."""

    status: int = 500
    code: str = "SERVER_ERROR"

    def __init__(self, status: int, code: str, message: str, kind: str | None = None, id: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.kind = kind
        self.id = id

    def __reduce__(self) -> tuple[object, ...]:
        return _revive, (type(self), self.__dict__)


def _revive(kind: type[DearDiaryError], state: dict[str, object]) -> DearDiaryError:
    """Return an error as it was before it was pickled."""
    error = kind.__new__(kind)
    error.args = (state["message"],)
    error.__dict__.update(state)
    return error


class Named(DearDiaryError):
    """An error whose class says its status and its code."""

    its_status: ClassVar[int]
    its_code: ClassVar[str]

    def __init__(
        self, message: str, *, kind: str | None = None, id: int | None = None, code: str | None = None
    ) -> None:
        super().__init__(self.its_status, code or self.its_code, message, kind, id)


class ConfigError(Named):
    """The configuration asks for something that is not there; `option` is what it calls it, if it is an option."""

    its_status, its_code = 500, "CONFIG_ERROR"

    def __init__(
        self, message: str, *, kind: str | None = None, id: int | None = None, code: str | None = None, option: str = ""
    ) -> None:
        super().__init__(message, kind=kind, id=id, code=code)
        self.option = option


class Invalid(Named):
    """What was sent is malformed, and would be in any diary."""

    its_status, its_code = 422, "INVALID_PAYLOAD"


class Unprocessable(Named):
    """What was sent is well formed, and a rule forbids it in this diary."""

    its_status, its_code = 422, "INVALID_PAYLOAD"


class Duplicate(Named):
    """Another row has these unique values; `kind` and `id` say which."""

    its_status, its_code = 409, "CONFLICT"


class NotFound(Named):
    """The row is absent, or may not be seen by who asks."""

    its_status, its_code = 404, "NOT_FOUND"


class Unauthenticated(Named):
    """Who asks has not shown who they are."""

    its_status, its_code = 401, "INVALID_CREDENTIALS"


class Forbidden(Named):
    """Who asks may see the row, and may not do this to it."""

    its_status, its_code = 403, "PROJECT_PERMISSION_REQUIRED"


class AdminRequired(Forbidden):
    """Only an administrator may do this."""

    its_code = "ADMIN_REQUIRED"


class SameUserRequired(Forbidden):
    """Only the user concerned, or an administrator, may do this."""

    its_code = "SAME_USER_REQUIRED"


class Misplaced(Named):
    """A stream does not begin where its writer stands; `position` says where that is."""

    its_status, its_code = 409, "MISPLACED"

    def __init__(self, message: str, *, position: int = 0, kind: str | None = None, id: int | None = None) -> None:
        super().__init__(message, kind=kind, id=id)
        self.position = position


class StorageFull(Named):
    """There is no room to write; nothing that was acknowledged is lost."""

    its_status, its_code = 507, "STORAGE_FULL"


class Corrupt(Named):
    """What was read is not what was written."""

    its_status, its_code = 500, "CORRUPT"


class Unavailable(Named, ConnectionError):
    """The store cannot be reached, or is busy for too long."""

    its_status, its_code = 503, "UNAVAILABLE"


class Held(Unavailable):
    """The store is open in another process, which alone may have it open."""

    guest: "Callable[[], Any] | None" = None
    """What opens the diary for runs of that process to be logged to."""


NAMED: dict[str, type[Named]] = {
    error.__name__: error
    for error in (
        AdminRequired,
        ConfigError,
        Corrupt,
        Duplicate,
        Forbidden,
        Invalid,
        Misplaced,
        NotFound,
        SameUserRequired,
        StorageFull,
        Unauthenticated,
        Unavailable,
        Unprocessable,
    )
}

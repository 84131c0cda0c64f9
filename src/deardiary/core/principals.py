"""Who asks, and what they may see."""

from collections.abc import Collection

from attrs import frozen

from deardiary.core.alike import Alike
from deardiary.core.conditions import (
    EVERY,
    Among,
    Compare,
    Condition,
    Field,
    IsNan,
    IsNone,
    May,
    Of,
    Term,
    all_of,
    by_id,
    walk,
)
from deardiary.core.declared import Kind
from deardiary.core.entities import (
    Text,
    User,
    UserPermission,
    Writer,
)
from deardiary.core.rules import NEVER


@frozen(kw_only=True, eq=False, repr=False)
class Principal(Alike):
    """Who asks."""

    user_id: int | None = None
    """Their user's id; none for who owns the machine and needs no user."""
    is_admin: bool = False
    creates_projects: bool = False
    """Whether they may make projects without being an administrator."""


OWNER = Principal(is_admin=True)
"""Who owns the machine: an administrator without a user."""

SELF = frozenset({"first_name", "last_name", "password"})
"""What people may change of themselves."""

SHOWN = frozenset({"id", "username", "first_name", "last_name"})
"""What people see of one another."""


def visible(kind: Kind, principal: Principal, terms: Collection[Term] = ()) -> Condition:
    """Return the condition that a row of a kind may be seen, and the rows above it that some terms name."""
    if principal.is_admin:
        return EVERY
    me = principal.user_id or 0
    readable = May(me, "read")
    if kind is User:
        return by_id(me) | readable
    if kind is UserPermission and any(isinstance(term, Field) and term.of == "Project" for term in terms):
        return readable  # one's own permission is there to be seen even where the project is not
    if kind is UserPermission or kind is Writer:
        return all_of(user_id=me) | readable
    return NEVER if kind is Text else readable


def terms_of(where: Condition) -> list[Term]:
    """Return what a condition names."""
    return [part.term for part in walk(where) if isinstance(part, Compare | Among | IsNone | IsNan)]


def hidden(kind: Kind, terms: Collection[Term]) -> str:
    """Return what is wrong if users are chosen or sorted by what is not seen of them; nothing if not."""
    for term in terms:
        of_users = kind is User or (isinstance(term, Field) and term.of == "User")
        if of_users and not (isinstance(term, Field) and term.name in SHOWN):
            return f"only an administrator may ask users for `{term}`"
    return ""


def inner(kind: Kind, where: Condition) -> str:
    """Return what is wrong if something is said that may only be said within; nothing if not."""
    if kind.declared.inner:
        return f"{kind.declared.one} is the store's own affair; artifacts are reached by their resources"
    for part in walk(where):
        if isinstance(part, May) or (isinstance(part, Compare) and isinstance(part.value, Of)):
            return "a condition about permissions or other rows is the guard's to make"
    return ""

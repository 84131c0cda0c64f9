"""The verbs of users and permissions."""

from collections.abc import Callable
from typing import Any

import pytest

from deardiary.core.entities import Project, User, UserPermission
from deardiary.core.errors import (
    AdminRequired,
    Duplicate,
    Invalid,
    NotFound,
    SameUserRequired,
    Unprocessable,
)
from deardiary.core.passwords import matches
from deardiary.core.queries import Query
from deardiary.core.stores import Store
from deardiary.tracker import Tracker

SeenBy = Callable[[User], Tracker]

FLAGS = ("create_permission", "read_permission", "update_permission", "delete_permission")


def flags(permission: UserPermission | None) -> list[bool]:
    assert permission is not None
    return [getattr(permission, flag) for flag in FLAGS]


def kept_password(bare: Store, user: User) -> str:
    return next(row.password for row in bare.find(Query(User)).rows if row.id == user.id)


# Users.


def test_a_diary_has_an_administrator_from_the_start(tracker: Tracker) -> None:
    (default,) = tracker.get_users()

    assert (default.username, default.first_name, default.is_admin) == ("default", "Default User", True)


def test_a_user_is_made_and_found_by_id_row_and_username(tracker: Tracker, ada: User) -> None:
    assert (ada.first_name, ada.last_name, ada.username, ada.is_admin) == ("Ada", "Lovelace", "ada", False)
    assert tracker.get_user(ada.id) == tracker.get_user(ada) == tracker.get_user("ada") == ada


def test_a_user_may_be_made_an_administrator(tracker: Tracker) -> None:
    assert tracker.create_user("Eve", "", "eve", "secret", is_admin=True).is_admin


def test_a_user_who_is_not_there_is_none(tracker: Tracker) -> None:
    assert (tracker.get_user(9), tracker.get_user("nobody")) == (None, None)


def test_a_password_is_kept_as_a_hash_and_never_shown(tracker: Tracker, bare: Store, ada: User) -> None:
    assert ada.password == ""
    assert [user.password for user in tracker.get_users()] == ["", ""]
    assert matches("secret", kept_password(bare, ada))


def test_an_empty_password_is_accepted_and_opens_nothing(tracker: Tracker, bare: Store) -> None:
    user = tracker.create_user("", "", "guest", "")

    assert not matches("", kept_password(bare, user))


def test_a_username_is_taken_once(tracker: Tracker, ada: User) -> None:
    with pytest.raises(Duplicate, match="already has username 'ada'") as refusal:
        tracker.create_user("Another", "Ada", "ada", "secret")

    assert (refusal.value.kind, refusal.value.id) == ("User", ada.id)


def test_a_user_has_a_username(tracker: Tracker) -> None:
    with pytest.raises(Invalid, match="user username is empty"):
        tracker.create_user("No", "Body", "", "secret")


def test_a_password_is_a_text(tracker: Tracker) -> None:
    with pytest.raises(Invalid, match="a password is int, not a text"):
        tracker.create_user("No", "Body", "nobody", 12345)  # type: ignore[arg-type]  # that is the test


def test_what_is_given_of_a_user_is_changed(tracker: Tracker, ada: User) -> None:
    changed = tracker.update_user(ada, "Augusta", is_admin=True)

    assert (changed.first_name, changed.last_name, changed.username) == ("Augusta", "Lovelace", "ada")
    assert changed.is_admin


def test_a_change_of_nothing_answers_the_user(tracker: Tracker, ada: User) -> None:
    assert tracker.update_user(ada.id) == ada


def test_a_new_password_is_hashed_too(tracker: Tracker, bare: Store, ada: User) -> None:
    tracker.update_user(ada, password="other")

    assert matches("other", kept_password(bare, ada))


def test_a_change_of_a_user_who_is_not_there_is_not_found(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="user 9 is not there"):
        tracker.update_user(9, "No")


def test_the_user_default_stays_an_administrator(tracker: Tracker) -> None:
    with pytest.raises(Unprocessable, match="the user default is always an administrator"):
        tracker.update_user(1, is_admin=False)


def test_a_user_goes_with_their_permissions(tracker: Tracker, ada: User, project: Project) -> None:
    tracker.create_userpermission(ada, project)

    assert tracker.delete_user(ada) is True

    assert (tracker.get_user("ada"), tracker.get_userpermission(ada, project)) == (None, None)


def test_the_user_default_stays(tracker: Tracker) -> None:
    with pytest.raises(Unprocessable, match="the user default may not be dropped"):
        tracker.delete_user(1)


def test_a_user_who_is_not_there_cannot_be_deleted(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="user 9 is not there"):
        tracker.delete_user(9)


# Permissions.


def test_a_permission_allows_reading_unless_something_is_said(tracker: Tracker, ada: User, project: Project) -> None:
    made = tracker.create_userpermission(ada, project)

    assert (made.user_id, made.project_id, flags(made)) == (ada.id, project.id, [False, True, False, False])


def test_a_permission_says_all_four_in_their_order(tracker: Tracker, ada: User, project: Project) -> None:
    made = tracker.create_userpermission(ada.id, project.id, True, False, True, False)

    assert flags(made) == [True, False, True, False]


def test_a_permission_is_found_by_user_and_project(tracker: Tracker, ada: User, project: Project) -> None:
    made = tracker.create_userpermission(ada, project)

    assert tracker.get_userpermission(ada, project) == tracker.get_userpermission(ada.id, project.id) == made


def test_a_permission_that_nobody_gave_is_none(tracker: Tracker, ada: User, project: Project) -> None:
    assert tracker.get_userpermission(ada, project) is None


@pytest.mark.parametrize("form", ["row", "kind and id"])
def test_permissions_are_listed_by_user_and_by_project(
    tracker: Tracker, ada: User, project: Project, form: str
) -> None:
    made = tracker.create_userpermission(ada, project)

    if form == "row":
        of_ada, of_project = tracker.get_userpermissions(ada), tracker.get_userpermissions(project)
    else:
        of_ada = tracker.get_userpermissions(User, ada.id)
        of_project = tracker.get_userpermissions(Project, project.id)

    assert of_ada == [made]
    assert [row.user_id for row in of_project] == [1, ada.id]


@pytest.mark.parametrize("whose", [1, "ada", UserPermission])
def test_permissions_are_someones_or_in_something(tracker: Tracker, whose: Any) -> None:
    with pytest.raises(Invalid, match="has no permissions; give a project or a user"):
        tracker.get_userpermissions(whose)


def test_a_second_permission_is_refused_and_names_the_first(tracker: Tracker, ada: User, project: Project) -> None:
    first = tracker.create_userpermission(ada, project)

    with pytest.raises(Duplicate) as refusal:
        tracker.create_userpermission(ada, project, True)

    assert (refusal.value.kind, refusal.value.id) == ("UserPermission", first.id)


def test_a_permission_is_given_to_someone_in_something(tracker: Tracker, ada: User, project: Project) -> None:
    with pytest.raises(Unprocessable, match="user 9 is not there"):
        tracker.create_userpermission(9, project)
    with pytest.raises(NotFound, match="project 9 is not there"):
        tracker.create_userpermission(ada, 9)


def test_what_is_given_of_a_permission_is_changed(tracker: Tracker, ada: User, project: Project) -> None:
    made = tracker.create_userpermission(ada, project)

    changed = tracker.update_userpermission(made.id, True, False, delete_permission=True)

    assert flags(changed) == [True, False, False, True]
    assert tracker.update_userpermission(made) == changed


def test_a_permission_that_is_not_there_is_not_found(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="permission 9 is not there"):
        tracker.update_userpermission(9, True)
    with pytest.raises(NotFound, match="permission 9 is not there"):
        tracker.delete_userpermission(9)


def test_a_permission_is_taken_back(tracker: Tracker, ada: User, project: Project) -> None:
    made = tracker.create_userpermission(ada, project)

    assert tracker.delete_userpermission(made) is True

    assert tracker.get_userpermission(ada, project) is None


# As someone else.


def test_one_sees_oneself_and_not_strangers(seen_by: SeenBy, ada: User) -> None:
    hers = seen_by(ada)

    assert [user.username for user in hers.get_users()] == ["ada"]
    assert hers.get_user("default") is None


def test_one_may_change_ones_own_names_and_password(seen_by: SeenBy, bare: Store, ada: User) -> None:
    assert seen_by(ada).update_user(ada, "Augusta", password="other").first_name == "Augusta"
    assert matches("other", kept_password(bare, ada))


def test_nobody_raises_themselves(seen_by: SeenBy, ada: User) -> None:
    with pytest.raises(AdminRequired, match="only an administrator may change who is one"):
        seen_by(ada).update_user(ada, is_admin=True)


def test_nobody_changes_another_user(tracker: Tracker, seen_by: SeenBy, ada: User, project: Project) -> None:
    tracker.create_userpermission(ada, project)

    with pytest.raises(SameUserRequired, match="only the user concerned"):
        seen_by(ada).update_user(1, "Nobody")


def test_only_an_administrator_makes_and_deletes_users(seen_by: SeenBy, ada: User) -> None:
    with pytest.raises(AdminRequired, match="only an administrator makes a user"):
        seen_by(ada).create_user("", "", "friend", "secret")
    with pytest.raises(AdminRequired, match="only an administrator may delete users"):
        seen_by(ada).delete_user(ada)


def test_nobody_grants_themselves_a_permission(tracker: Tracker, seen_by: SeenBy, ada: User, project: Project) -> None:
    made = tracker.create_userpermission(ada, project)
    hers = seen_by(ada)

    with pytest.raises(AdminRequired):
        hers.update_userpermission(made, True)
    with pytest.raises(AdminRequired):
        hers.create_userpermission(ada, project, True)
    with pytest.raises(AdminRequired):
        hers.delete_userpermission(made)


def test_one_sees_the_permissions_of_projects_that_one_may_read(
    tracker: Tracker, seen_by: SeenBy, ada: User, project: Project
) -> None:
    made = tracker.create_userpermission(ada, project)

    assert {row.user_id for row in seen_by(ada).get_userpermissions(project)} == {1, ada.id}
    tracker.update_userpermission(made, read_permission=False)
    assert [row.user_id for row in seen_by(ada).get_userpermissions(project)] == [ada.id]

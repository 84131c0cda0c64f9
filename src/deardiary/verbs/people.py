"""The verbs of users, and of what they may do in projects."""

from typing import Any, overload

from deardiary.core.changes import Expect, Insert
from deardiary.core.conditions import all_of, by_id
from deardiary.core.entities import Project, User, UserPermission
from deardiary.core.errors import Invalid
from deardiary.verbs.generic import Diary, id_of, of, there_already


class People(Diary):
    """Users and permissions."""

    def get_user(self, user: User | int | str) -> User | None:
        """Return a user by id or username, or none; the password is never shown."""
        if isinstance(user, str):
            return self._one(User, all_of(username=user))
        return self._one(User, by_id(id_of(User, user)))

    def get_users(self) -> list[User]:
        """Return the users that one may see."""
        return self.find(User)

    def create_user(
        self, first_name: str, last_name: str, username: str, password: str, *, is_admin: bool = False
    ) -> User:
        """Make a user.

        Raises:
            Duplicate: the username is taken.
        """
        row = User(
            id=-1,
            first_name=first_name,
            last_name=last_name,
            username=username,
            password=_hashed(password),
            is_admin=is_admin,
        )
        return self._made([Insert(row)], User)

    def update_user(
        self,
        user: User | int,
        first_name: str | None = None,
        last_name: str | None = None,
        password: str | None = None,
        is_admin: bool | None = None,
    ) -> User:
        """Change what is given of a user; the username stays."""
        values = {
            "first_name": first_name,
            "last_name": last_name,
            "password": None if password is None else _hashed(password),
            "is_admin": is_admin,
        }
        return self._patched(User, id_of(User, user), values)

    def delete_user(self, user: User | int) -> bool:
        """Remove a user and their permissions; the user `default` stays."""
        return self._dropped(User, id_of(User, user))

    # Permissions.

    def get_userpermission(self, user: User | int, project: Project | int) -> UserPermission | None:
        """Return what a user may do in a project, or none if nothing was said of it."""
        return self._one(UserPermission, all_of(user_id=id_of(User, user), project_id=id_of(Project, project)))

    @overload
    def get_userpermissions(self, whose: Project | User) -> list[UserPermission]: ...
    @overload
    def get_userpermissions(self, whose: type[Project] | type[User], id: int) -> list[UserPermission]: ...
    def get_userpermissions(self, whose: Any, id: int | None = None) -> list[UserPermission]:
        """Return the permissions of a user, or those in a project."""
        kind, row = (type(whose), whose) if id is None else (whose, id)
        if kind is not Project and kind is not User:
            raise Invalid(f"{whose!r:.60} has no permissions; give a project or a user, or Project or User and an id")
        return self.find(UserPermission, of("project_id" if kind is Project else "user_id", id_of(kind, row)))

    def create_userpermission(
        self,
        user: User | int,
        project: Project | int,
        create_permission: bool = False,
        read_permission: bool = True,
        update_permission: bool = False,
        delete_permission: bool = False,
    ) -> UserPermission:
        """Say what a user may do in a project.

        Raises:
            Duplicate: something is said of it already; change that.
        """
        user_id, project_id = id_of(User, user), id_of(Project, project)
        row = UserPermission(
            id=-1,
            user_id=user_id,
            project_id=project_id,
            create_permission=create_permission,
            read_permission=read_permission,
            update_permission=update_permission,
            delete_permission=delete_permission,
        )
        said = f"it is said already what user {user_id} may do in project {project_id}; "
        with there_already(UserPermission, lambda row: f"{said}update_userpermission({row}, ...) changes it"):
            return self._made([_is_there(user_id), Insert(row)], UserPermission)

    def update_userpermission(
        self,
        permission: UserPermission | int,
        create_permission: bool | None = None,
        read_permission: bool | None = None,
        update_permission: bool | None = None,
        delete_permission: bool | None = None,
    ) -> UserPermission:
        """Change what is given of a permission."""
        values = {
            "create_permission": create_permission,
            "read_permission": read_permission,
            "update_permission": update_permission,
            "delete_permission": delete_permission,
        }
        return self._patched(UserPermission, id_of(UserPermission, permission), values)

    def delete_userpermission(self, permission: UserPermission | int) -> bool:
        """Take all permissions in a project from a user."""
        return self._dropped(UserPermission, id_of(UserPermission, permission))


def _is_there(user: int) -> Expect:
    return Expect(User, by_id(user), because=f"user {user} is not there")


def _hashed(password: str) -> str:
    from deardiary.core.passwords import hashed

    return hashed(password)

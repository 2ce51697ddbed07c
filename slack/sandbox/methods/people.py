"""auth.test, users.*, usergroups.*: who is who."""

import secrets

from ..errors import Json, SlackError
from ..workspace import APP, BOT, BOT_USER, TEAM, Workspace
from .registry import flag, listed, method, need, paginate


@method("auth.test", tier=4)
def auth_test(workspace: Workspace, args: Json) -> Json:
    return {
        "url": "https://practice.slack.com/",
        "team": "Practice",
        "team_id": TEAM,
        "user": "andon",
        "user_id": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "is_enterprise_install": False,
    }


@method("users.list", "users:read", tier=2)
def users(workspace: Workspace, args: Json) -> Json:
    page, metadata = paginate(list(workspace.users.values()), args)
    return {"members": page, "response_metadata": metadata}


@method("users.info", "users:read", tier=4)
def info(workspace: Workspace, args: Json) -> Json:
    return {"user": workspace.user(need(args, "user", "user_not_found"))}


@method("users.lookupByEmail", "users:read.email", tier=3)
def by_email(workspace: Workspace, args: Json) -> Json:
    email = str(need(args, "email")).lower()
    for user in workspace.users.values():
        if user["profile"].get("email", "").lower() == email:
            return {"user": user}
    raise SlackError("users_not_found")


@method("usergroups.list", "usergroups:read", tier=2)
def groups(workspace: Workspace, args: Json) -> Json:
    hidden = set() if flag(args.get("include_users")) else {"users"}
    return {
        "usergroups": [
            {key: value for key, value in group.items() if key not in hidden} for group in workspace.groups.values()
        ]
    }


@method("usergroups.create", "usergroups:write", tier=2)
def create_group(workspace: Workspace, args: Json) -> Json:
    name = need(args, "name", "no_name_provided")
    handle = str(args.get("handle") or name)
    if any(group["handle"] == handle for group in workspace.groups.values()):
        raise SlackError("handle_already_exists")
    return {
        "usergroup": workspace.add_group({"id": f"S{secrets.token_hex(4).upper()}", "handle": handle, "name": name})
    }


@method("usergroups.users.update", "usergroups:write", tier=2)
def update_group(workspace: Workspace, args: Json) -> Json:
    group = workspace.groups.get(need(args, "usergroup", "no_such_subteam"))
    people = listed(need(args, "users", "no_users_provided"))
    if group is None:
        raise SlackError("no_such_subteam")
    if any(id not in workspace.users for id in people):
        raise SlackError("invalid_users")
    with workspace.changed:
        group.update(users=people, user_count=len(people))
        workspace.touch()
    return {"usergroup": group}

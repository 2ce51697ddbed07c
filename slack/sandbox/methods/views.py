"""views.*: modals and the app's home."""

import copy
import secrets

from ..errors import Json, SlackError
from ..validate import view_problems
from ..workspace import APP, BOT, TEAM, Workspace
from .chat import check, identified, normalised
from .registry import method, need, parsed


def given(args: Json, kind: str) -> Json:
    """The `view` argument, checked."""
    view = parsed(need(args, "view"), "invalid_arguments")
    check(view_problems(view), "invalid_arguments")
    if view["type"] != kind:
        raise SlackError("invalid_arguments", detail=f"this method takes a {kind} view")
    return dict(view)


def keep(workspace: Workspace, view: Json, user: str, *, replace: str | None = None) -> Json:
    """Store a view under a new id, or in the place of another."""
    with workspace.changed:
        before = workspace.views.get(replace or "", {})
        id = replace or f"V{secrets.token_hex(5).upper()}"
        kept = {
            "callback_id": "",
            "private_metadata": "",
            "external_id": "",
            **normalised(copy.deepcopy(view)),
            "id": id,
            "team_id": TEAM,
            "app_id": APP,
            "bot_id": BOT,
            "user": user,
            "hash": f"{int(workspace.clock())}.{secrets.token_hex(4)}",
            "root_view_id": before.get("root_view_id", id),
            "previous_view_id": None,
        }
        identified(kept["blocks"])
        workspace.views[id] = kept
        workspace.touch()
    return kept


def public(view: Json) -> Json:
    return {**{key: value for key, value in view.items() if key != "user"}, "state": {"values": {}}}


@method("views.open", tier=4)
def open_(workspace: Workspace, args: Json) -> Json:
    view = given(args, "modal")
    return {"view": public(keep(workspace, view, workspace.spend_trigger(args.get("trigger_id"))))}


@method("views.update", tier=4)
def update(workspace: Workspace, args: Json) -> Json:
    view = given(args, "modal")
    before = workspace.views.get(args.get("view_id") or "")
    if before is None:
        raise SlackError("not_found")
    if args.get("hash") and args["hash"] != before["hash"]:
        raise SlackError("hash_conflict")
    return {"view": public(keep(workspace, view, before["user"], replace=before["id"]))}


@method("views.publish", tier=4)
def publish(workspace: Workspace, args: Json) -> Json:
    view = given(args, "home")
    user = workspace.user(need(args, "user_id", "invalid_arguments"))["id"]
    before = workspace.homes.get(user)
    if before and args.get("hash") and args["hash"] != before["hash"]:
        raise SlackError("hash_conflict")
    kept = keep(workspace, view, user, replace=before["id"] if before else None)
    with workspace.changed:
        workspace.homes[user] = workspace.views.pop(kept["id"])
        workspace.touch()
    return {"view": public(kept)}

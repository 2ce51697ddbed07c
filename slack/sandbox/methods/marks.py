"""pins.add, reactions.add, bookmarks.add: marks on messages and channels."""

import re
import secrets

from ..errors import Json, SlackError
from ..workspace import BOT_USER, Workspace
from .conversations import joined
from .registry import method, need


def mark_pin(workspace: Workspace, channel: Json, ts: str) -> None:
    with workspace.changed:
        if ts in channel["pins"]:
            raise SlackError("already_pinned")
        channel["pins"].append(ts)
        workspace.touch()


def mark_reaction(workspace: Workspace, message: Json, user: str, name: str) -> None:
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    with workspace.changed:
        reactions = message.setdefault("reactions", [])
        reaction = next((known for known in reactions if known["name"] == name), None)
        if reaction is None:
            reactions.append(reaction := {"name": name, "users": [], "count": 0})
        if user in reaction["users"]:
            raise SlackError("already_reacted")
        reaction["users"].append(user)
        reaction["count"] += 1
        workspace.touch()


@method("pins.add", "pins:write", tier=2)
def pin(workspace: Workspace, args: Json) -> Json:
    channel = joined(workspace, args)
    mark_pin(workspace, channel, workspace.message(channel, args.get("timestamp"))["ts"])
    return {}


@method("reactions.add", "reactions:write", tier=3)
def react(workspace: Workspace, args: Json) -> Json:
    channel = joined(workspace, args)
    message = workspace.message(channel, args.get("timestamp"))
    mark_reaction(workspace, message, BOT_USER, need(args, "name", "invalid_name"))
    return {}


@method("bookmarks.add", "bookmarks:write", tier=2)
def bookmark(workspace: Workspace, args: Json) -> Json:
    channel = joined(workspace, {"channel": args.get("channel_id")})
    if args.get("type") != "link":
        raise SlackError("invalid_bookmark_type")
    if not re.match(r"https?://", str(need(args, "link", "invalid_link"))):
        raise SlackError("invalid_link")
    entry = {
        "id": f"Bk{secrets.token_hex(4).upper()}",
        "channel_id": channel["id"],
        "type": "link",
        "title": need(args, "title"),
        "link": args["link"],
        "emoji": args.get("emoji") or "",
    }
    with workspace.changed:
        workspace.bookmarks.append(entry)
        workspace.touch()
    return {"bookmark": entry}

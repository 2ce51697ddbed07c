"""conversations.*: channels, private channels and direct conversations."""

import re

from ..errors import Json, SlackError
from ..workspace import BOT_USER, Workspace
from .registry import flag, listed, method, need, paginate

NAME = re.compile(r"[\w-]+")
LONGEST_NAME, LONGEST_TOPIC = 80, 250


def public(channel: Json) -> Json:
    """A channel as the API shows it."""
    shown = {key: value for key, value in channel.items() if key not in {"members", "pins"}}
    return {**shown, "is_member": BOT_USER in channel["members"], "num_members": len(channel["members"])}


def seen(workspace: Workspace, args: Json) -> Json:
    """A channel the app can see: any public one, and private ones it is in."""
    channel = workspace.channel(need(args, "channel", "channel_not_found"))
    if channel["is_private"] and BOT_USER not in channel["members"]:
        raise SlackError("channel_not_found")
    return channel


def joined(workspace: Workspace, args: Json) -> Json:
    channel = seen(workspace, args)
    if channel["is_archived"]:
        raise SlackError("is_archived")
    if BOT_USER not in channel["members"]:
        raise SlackError("not_in_channel")
    return channel


def check_name(workspace: Workspace, name: str) -> None:
    """Slack's rule: lower-case letters of any script, digits, hyphens and underscores, at most 80."""
    if len(name) > LONGEST_NAME:
        raise SlackError("invalid_name_maxlength", detail="too_long")
    if not NAME.fullmatch(name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if not re.search(r"[^\W_]", name):
        raise SlackError("invalid_name_punctuation")
    if any(channel["name"] == name for channel in workspace.channels.values()):
        raise SlackError("name_taken")


@method("conversations.create", "channels:manage", "groups:write", tier=2)
def create(workspace: Workspace, args: Json) -> Json:
    name = str(need(args, "name", "invalid_name_required"))
    with workspace.changed:
        check_name(workspace, name)
        kind = "private" if flag(args.get("is_private")) else "public"
        return {"channel": public(workspace.add_channel(name, creator=BOT_USER, members=[BOT_USER], kind=kind))}


@method("conversations.list", "channels:read", "groups:read", tier=2)
def list_(workspace: Workspace, args: Json) -> Json:
    kinds = listed(args.get("types")) or ["public_channel"]
    found = [
        public(channel)
        for channel in workspace.channels.values()
        if kind(channel) in kinds
        and (not channel["is_private"] or BOT_USER in channel["members"])
        and not (channel["is_archived"] and flag(args.get("exclude_archived")))
    ]
    page, metadata = paginate(found, args)
    return {"channels": page, "response_metadata": metadata}


def kind(channel: Json) -> str:
    if channel["is_im"]:
        return "im"
    return "private_channel" if channel["is_private"] else "public_channel"


@method("conversations.info", "channels:read", "groups:read", tier=3)
def info(workspace: Workspace, args: Json) -> Json:
    return {"channel": public(seen(workspace, args))}


@method("conversations.members", "channels:read", "groups:read", tier=4)
def members(workspace: Workspace, args: Json) -> Json:
    people = [{"id": id} for id in seen(workspace, args)["members"]]
    page, metadata = paginate(people, args)
    return {"members": [person["id"] for person in page], "response_metadata": metadata}


@method("conversations.history", "channels:history", "groups:history", tier=3)
def history(workspace: Workspace, args: Json) -> Json:
    """Newest first, between `oldest` and `latest`; the two ends themselves only with `inclusive`."""
    channel = seen(workspace, args)
    if BOT_USER not in channel["members"]:
        raise SlackError("not_in_channel")
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    inclusive = flag(args.get("inclusive"))
    found = [
        message
        for message in reversed(workspace.messages[channel["id"]])
        if oldest < float(message["ts"]) < latest or (inclusive and float(message["ts"]) in (oldest, latest))
    ]
    page, metadata = paginate(found, args)
    return {"messages": page, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}


@method("conversations.invite", "channels:manage", "groups:write", "channels:write.invites", tier=3)
def invite(workspace: Workspace, args: Json) -> Json:
    channel = joined(workspace, args)
    people = listed(need(args, "users", "no_user"))
    unknown = [id for id in people if id not in workspace.users]
    if unknown:
        errors = [{"user": id, "ok": False, "error": "user_not_found"} for id in unknown]
        raise SlackError("user_not_found", errors=errors)
    if BOT_USER in people:
        raise SlackError("cant_invite_self")
    newcomers = [id for id in people if id not in channel["members"]]
    if not newcomers:
        raise SlackError("already_in_channel")
    with workspace.changed:
        channel["members"] += newcomers
        workspace.touch()
    return {"channel": public(channel)}


@method("conversations.join", "channels:join", tier=3)
def join(workspace: Workspace, args: Json) -> Json:
    channel = seen(workspace, args)
    if channel["is_archived"]:
        raise SlackError("is_archived")
    if BOT_USER in channel["members"]:
        return {"channel": public(channel), "warning": "already_in_channel"}
    with workspace.changed:
        channel["members"].append(BOT_USER)
        workspace.touch()
    return {"channel": public(channel)}


@method("conversations.setTopic", "channels:manage", "groups:write", "channels:write.topic", tier=2)
def set_topic(workspace: Workspace, args: Json) -> Json:
    channel = joined(workspace, args)
    topic = str(args.get("topic") or "")
    if len(topic) > LONGEST_TOPIC:
        raise SlackError("too_long")
    with workspace.changed:
        channel["topic"] = {"value": topic, "creator": BOT_USER, "last_set": int(workspace.clock())}
        workspace.touch()
    return {"channel": public(channel)}


@method("conversations.archive", "channels:manage", "groups:write", tier=2)
def archive(workspace: Workspace, args: Json) -> Json:
    channel = seen(workspace, args)
    if channel["is_archived"]:
        raise SlackError("already_archived")
    if BOT_USER not in channel["members"]:
        raise SlackError("not_in_channel")
    if channel["name"] == "general":
        raise SlackError("cant_archive_general")
    with workspace.changed:
        channel["is_archived"] = True
        workspace.touch()
    return {}


@method("conversations.open", "im:write", tier=3)
def open_(workspace: Workspace, args: Json) -> Json:
    people = listed(need(args, "users", "users_list_not_supplied"))
    if len(people) != 1:
        raise SlackError("invalid_arguments", detail="the practice workspace opens conversations with one person")
    return {"channel": public(workspace.conversation(people[0]))}

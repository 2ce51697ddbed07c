"""chat.*: posting, changing and deleting messages."""

import secrets
from typing import Any

from ..errors import Json, SlackError
from ..text import normalise
from ..validate import ACTIONS, INPUTS, block_problems
from ..workspace import BOT_USER, Workspace
from .registry import method, need, parsed

LONGEST = 40_000


def content(args: Json) -> tuple[str, list[Json] | None]:
    """Text and blocks of a message. Raises no_text, msg_too_long, invalid_blocks with Slack's messages."""
    blocks = parsed(args.get("blocks"), "invalid_blocks_format") or None
    text = str(args.get("text") or "")
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > LONGEST:
        raise SlackError("msg_too_long")
    if blocks is not None:
        check(block_problems(blocks), "invalid_blocks")
        blocks = identified(normalised(blocks))
    return normalise(text), blocks


def check(problems: list[str], error: str) -> None:
    if problems:
        raise SlackError(error, errors=problems, response_metadata={"messages": problems})


def normalised(value: Any) -> Any:
    """Blocks with every mrkdwn text as Slack keeps it."""
    if isinstance(value, list):
        return [normalised(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: normalised(item) for key, item in value.items()}
    if kept.get("type") == "mrkdwn" and isinstance(kept.get("text"), str):
        kept["text"] = normalise(kept["text"])
    return kept


def identified(blocks: list[Json]) -> list[Json]:
    """Blocks and interactive elements with the ids that their author left to Slack."""
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in [block.get("element"), block.get("accessory"), *block.get("elements", [])]:
            if element and element.get("type") in ACTIONS | INPUTS:
                element.setdefault("action_id", secrets.token_urlsafe(4))
    return blocks


def writable(workspace: Workspace, reference: str | None) -> Json:
    """A channel the app may post into; a user id stands for the conversation with that person."""
    if reference in workspace.users:
        return workspace.conversation(str(reference))
    channel = workspace.channel(reference)
    if channel["is_archived"]:
        raise SlackError("is_archived")
    if BOT_USER not in channel["members"]:
        raise SlackError("channel_not_found" if channel["is_private"] else "not_in_channel")
    return channel


def own_message(workspace: Workspace, channel: Json, args: Json, error: str) -> Json:
    message = workspace.message(channel, args.get("ts"))
    if message["user"] != BOT_USER:
        raise SlackError(error)
    return message


@method("chat.postMessage", "chat:write", tier=None)
def post_message(workspace: Workspace, args: Json) -> Json:
    channel = writable(workspace, need(args, "channel", "channel_not_found"))
    text, blocks = content(args)
    thread = args.get("thread_ts")
    if thread:
        workspace.message(channel, thread)
    message = workspace.add_message(
        channel,
        BOT_USER,
        text,
        blocks=blocks,
        thread_ts=thread,
        metadata=parsed(args.get("metadata"), "invalid_metadata_format"),
    )
    return {"channel": channel["id"], "ts": message["ts"], "message": message}


@method("chat.postEphemeral", "chat:write", tier=4)
def post_ephemeral(workspace: Workspace, args: Json) -> Json:
    channel = writable(workspace, need(args, "channel", "channel_not_found"))
    text, blocks = content(args)
    if args.get("user") not in channel["members"]:
        raise SlackError("user_not_in_channel")
    return {"message_ts": workspace.add_ephemeral(channel, args["user"], text, blocks)["ts"]}


@method("chat.update", "chat:write", tier=3)
def update(workspace: Workspace, args: Json) -> Json:
    channel = writable(workspace, need(args, "channel", "channel_not_found"))
    message = own_message(workspace, channel, args, "cant_update_message")
    text, blocks = content(args)
    with workspace.changed:
        message["text"] = text
        message["edited"] = {"user": BOT_USER, "ts": workspace.next_ts()}
        if blocks is not None:
            message["blocks"] = blocks
        else:
            message.pop("blocks", None)
        workspace.touch()
    return {"channel": channel["id"], "ts": message["ts"], "text": text, "message": message}


@method("chat.delete", "chat:write", tier=3)
def delete(workspace: Workspace, args: Json) -> Json:
    channel = writable(workspace, need(args, "channel", "channel_not_found"))
    message = own_message(workspace, channel, args, "cant_delete_message")
    workspace.remove(message)
    return {"channel": channel["id"], "ts": message["ts"]}

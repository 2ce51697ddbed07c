"""The table of Web API methods: a function of the workspace and its arguments each, with scope and tier."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import Json, SlackError
from ..workspace import Workspace

Handler = Callable[[Workspace, Json], Json]


@dataclass(frozen=True)
class Method:
    """`scopes`: any one of them allows the call, none means every token. `tier`: Slack's rate tier, or None
    where the limit is one message a second for each channel."""

    handle: Handler
    scopes: tuple[str, ...]
    tier: int | None


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, tier: int | None) -> Callable[[Handler], Handler]:
    def register(handle: Handler) -> Handler:
        METHODS[name] = Method(handle, scopes, tier)
        return handle

    return register


def need(args: Json, key: str, error: str = "invalid_arguments") -> Any:
    """An argument that must be there and not empty."""
    if args.get(key) in (None, ""):
        raise SlackError(error)
    return args[key]


def flag(value: Any) -> bool:
    return str(value).lower() in {"1", "true"}


def listed(value: Any) -> list[str]:
    """A list that may come as JSON or separated by commas."""
    if isinstance(value, list):
        return [str(item) for item in value]
    return [item.strip() for item in str(value or "").split(",") if item.strip()]


def parsed(value: Any, error: str) -> Any:
    """An object or array that may come as JSON text, as it does in form bodies."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as problem:
        raise SlackError(error) from problem


def paginate(items: Sequence[Json], args: Json) -> tuple[list[Json], Json]:
    """A page of items and its `response_metadata`; the cursor is the offset."""
    cursor, limit = str(args.get("cursor") or "0"), str(args.get("limit") or "100")
    if not cursor.isdigit():
        raise SlackError("invalid_cursor")
    if not limit.isdigit() or not 1 <= int(limit) <= 1000:
        raise SlackError("invalid_limit")
    start, end = int(cursor), int(cursor) + int(limit)
    return list(items[start:end]), {"next_cursor": str(end) if end < len(items) else ""}

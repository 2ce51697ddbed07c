"""The app manifest that an administrator pastes into Slack, made from the tables of the dispatcher."""

from __future__ import annotations

from typing import Any

from slack.dispatch import COMMANDS, SHORTCUTS

SUMMARIES = {
    "/incident": "Declare an incident, or work on one",
    "/oncall": "Who is on call, Dev and Ops",
    "/deploy": "What was deployed",
}
SHORTCUT_NAMES = {
    "incident.declare": ("Declare an incident", "global", "Open the form that declares an incident"),
    "incident.declare_from_message": ("Declare from this", "message", "Declare an incident with this message"),
}
SCOPES = {
    "chat:write": "announce, answer, page",
    "chat:write.public": "announce in public channels without joining them",
    "commands": "slash commands and shortcuts",
    "im:write": "page people in a conversation of their own",
    "users:read": "find out who speaks",
    "users:read.email": "match them with their account",
    "usergroups:read": "find the groups of those on call",
    "usergroups:write": "keep the groups of those on call in step",
}


def manifest(base_url: str) -> dict[str, Any]:
    """The manifest of an app that lives at `base_url`, as Slack's manifest reference (version 1) has it."""
    return {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": "Andon",
            "description": "Incidents: declare, page Dev and Ops together, learn without blame",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Andon", "always_online": True},
            "slash_commands": [
                {
                    "command": command,
                    "url": f"{base_url}/slack/commands",
                    "description": SUMMARIES[command],
                    "usage_hint": _hint(words),
                    "should_escape": True,  # so that people and channels come as ids
                }
                for command, words in COMMANDS.items()
            ],
            "shortcuts": [
                {"name": name, "type": kind, "callback_id": callback_id, "description": words}
                for callback_id in SHORTCUTS
                for name, kind, words in [SHORTCUT_NAMES[callback_id]]
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "interactivity": {"is_enabled": True, "request_url": f"{base_url}/slack/interactions"},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def _hint(words: Any) -> str:
    known = ", ".join(word for word in words if word not in {"declare", "now"})
    return f"[title] [sev1-4], or {known}" if "declare" in words else known

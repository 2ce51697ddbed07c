"""Slack's text: what it escapes on arrival, what mentions somebody, what a typed `@name` becomes.

Source of the rules: "Formatting message text" in Slack's reference: `&`, `<`, `>` are the control characters,
`<@U…>`, `<#C…>`, `<!…>` and `<https…>` the only things between angle brackets that mean anything.
"""

import re
from collections.abc import Mapping

ENTITY = re.compile(
    r"<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+|!(?:channel|here|everyone|subteam\^S[A-Z0-9]+|date\^[^<>|]+)"
    r"|(?:https?://|mailto:)[^<>|]+)(?:\|[^<>]*)?>"
)
MENTION = re.compile(r"<(@[UW][A-Z0-9]+|!(?:channel|here|everyone|subteam\^S[A-Z0-9]+))(?:\|[^<>]*)?>")
HANDLE = re.compile(r"(?<![\w<@])@([a-z0-9][a-z0-9._-]*)", re.IGNORECASE)
CHANNEL_NAME = re.compile(r"(?<![\w<#&])#([a-z0-9][a-z0-9_-]*)")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def normalise(text: str) -> str:
    """What Slack keeps of an app's text: real entities as they are, stray control characters escaped."""
    kept, last = [], 0
    for entity in ENTITY.finditer(text):
        kept += [_stray(text[last : entity.start()]), entity.group()]
        last = entity.end()
    return "".join([*kept, _stray(text[last:])])


def _stray(text: str) -> str:
    ampersands = re.sub(r"&(?!amp;|lt;|gt;)", "&amp;", text)
    return ampersands.replace("<", "&lt;").replace(">", "&gt;")


def mentions(text: str) -> set[str]:
    """Whom the text notifies: `@U…`, `!channel`, `!here`, `!everyone`, `!subteam^S…`."""
    return set(MENTION.findall(text))


def typed(text: str, handles: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """What a person typed, as Slack sends it on: escaped, `@ana` and `#general` as entities if they exist."""

    def person(match: re.Match[str]) -> str:
        name = match[1].rstrip(".")
        known = handles.get(name.lower())
        return f"<@{known}|{name}>{match[1][len(name) :]}" if known else match[0]

    def channel(match: re.Match[str]) -> str:
        known = channels.get(match[1])
        return f"<#{known}|{match[1]}>" if known else match[0]

    return CHANNEL_NAME.sub(channel, HANDLE.sub(person, escape(text)))

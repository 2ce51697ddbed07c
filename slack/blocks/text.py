"""Text for Block Kit: escaped so that it mentions nobody, shortened so that Slack takes it.

Limits are those of Slack's Block Kit reference. Text from people goes into mrkdwn only through `escape` or
`clip`; plain_text objects are shown as they are and mention nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
Message = tuple[str, list[Block]]

SECTION, HEADER, BUTTON, CONTEXT, OPTION, VALUE, VIEW_TITLE = 3000, 150, 75, 2000, 75, 150, 24
FALLBACK = 3000
MOST_BLOCKS, MOST_OPTIONS = 50, 100


def escape(text: str) -> str:
    """`&`, `<` and `>` as entities: `<!channel>` becomes words."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, an ellipsis showing that there was more."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clip(text: str, limit: int) -> str:
    """Escaped text of at most `limit` characters, never cut within an entity."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    kept: list[str] = []
    room = limit - 1
    for character in text:
        entity = escape(character)
        if len(entity) > room:
            break
        kept.append(entity)
        room -= len(entity)
    return "".join(kept) + "…"


def one_line(text: str) -> str:
    """Runs of white space as one space; `(untitled)` for nothing, since Slack refuses empty text."""
    return " ".join(text.split()) or "(untitled)"


@dataclass(frozen=True)
class Person:
    """A person as Slack knows them, or by name alone where no Slack user is linked."""

    name: str
    slack_id: str | None = None

    def mention(self) -> str:
        """Their mention, which notifies them; else their name, escaped."""
        return f"<@{self.slack_id}>" if self.slack_id else self.named()

    def named(self) -> str:
        """Their name, which notifies nobody."""
        return clip(one_line(self.name), 80)


def people(found: Iterable[Person], most: int = 12) -> str:
    """Names joined by commas, those beyond `most` counted."""
    names = [person.named() for person in found]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def link(url: str, label: str, limit: int = 200) -> str:
    """A link; characters that would end it early are percent-encoded."""
    safe = url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C").replace(" ", "%20")
    return f"<{safe}|{clip(one_line(label), limit)}>"


def plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": shorten(one_line(text), limit), "emoji": False}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def section(mrkdwn: str, **more: Any) -> Block:
    """A paragraph of mrkdwn whose parts are already escaped and within the limit."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}, **more}


def quote(text: str, limit: int = SECTION) -> Block:
    """A paragraph of people's own words."""
    return section(clip(text.strip() or "(no words)", limit))


def context(*parts: str) -> Block:
    """Small grey parts, escaped by the caller; empty ones are left out, at least one must remain."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": part} for part in parts if part]}


def button(text: str, action_id: str, value: str, *, url: str | None = None, style: str | None = None) -> Block:
    made: Block = {"type": "button", "text": plain(text, BUTTON), "action_id": action_id, "value": value}
    return {**made, **({"url": url} if url else {}), **({"style": style} if style else {})}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(text: str, value: str) -> Block:
    """One choice of a menu. Raises ValueError for a value longer than Slack takes: it could not come back."""
    if len(value) > VALUE:
        raise ValueError(f"the option {value[:20]!r}… has {len(value)} characters, Slack takes {VALUE}")
    return {"text": plain(text, OPTION), "value": value}

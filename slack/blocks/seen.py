"""What was met before, in Slack: known errors with their workaround first, then incidents and articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from .text import FALLBACK, Block, Message, clip, context, escape, link, one_line, section

WORKAROUND = 600


@dataclass(frozen=True)
class SeenFacts:
    """One thing met before: `label` is how it is called (`P3`, `#12`), `more` a word on its state."""

    label: str
    title: str
    url: str
    workaround: str | None = None
    more: str = ""


def seen(asked: str, found: Sequence[SeenFacts], *, url: str) -> Message:
    """An answer to one person: what resembles what they asked, or that nothing does. `url`: where there is more."""
    if not found:
        text = clip(f"Nothing like “{one_line(asked)}” was seen before.", FALLBACK)
        return text, [section(text), context(link(url, "Search for other words"))]
    text = clip(f"Seen before, like “{one_line(asked)}”:", FALLBACK)
    errors = [one for one in found if one.workaround is not None]
    others = [f"• {_named(one)}" for one in found if one.workaround is None]
    rest = [section("\n".join(others))] if others else []
    return text, [section(f"*{text}*"), *known_errors(errors), *rest, context(link(url, "Open in Andon"))]


def known_errors(found: Sequence[SeenFacts]) -> list[Block]:
    """A paragraph for each known error, with what to do until it is fixed; none for none."""
    return [
        section(f"*Known error* {_named(one)}\n{clip((one.workaround or '').strip(), WORKAROUND) or _NO_WAY}")
        for one in found
    ]


_NO_WAY = "No way around it is known."


def _named(one: SeenFacts) -> str:
    more = f" · {escape(one.more)}" if one.more else ""
    return link(one.url, f"{one.label} {one.title}", 250) + more

"""Many pages in one message: what a storm looks like in Slack, with one button for all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .text import FALLBACK, SECTION, Block, Message, actions, button, clip, header, link, one_line, section


@dataclass(frozen=True)
class ListedPage:
    """One page by name; `service` may be empty."""

    subject: str
    url: str
    service: str = ""


@dataclass(frozen=True)
class BundleFacts:
    """`count` pages to one person, the first of them listed. `id` comes back as the button's value; without one there
    is nothing to answer."""

    id: str
    count: int
    pages: Sequence[ListedPage]
    url: str


def bundle_message(bundle: BundleFacts) -> Message:
    """How many, the first by name, and Acknowledge all."""
    head = f"📟 {bundle.count} more pages"
    more = bundle.count - len(bundle.pages)
    lines = [_line(page) for page in bundle.pages] + ([f"and {more} more"] if more else [])
    answer = [button("Acknowledge all", "bundle.acknowledge", bundle.id, style="primary")] if bundle.id else []
    every = button("All pages", "bundle.open", bundle.id or "all", url=bundle.url)
    text = clip(f"{bundle.count} more pages: {one_line(bundle.pages[0].subject)}, …", FALLBACK)
    return text, [header(head), *_sections(lines), actions(*answer, every)]


def _line(page: ListedPage) -> str:
    service = f" · {clip(one_line(page.service), 60)}" if page.service else ""
    return f"• {link(page.url, page.subject, 120)}{service}"


def _sections(lines: Iterable[str]) -> list[Block]:
    """As few paragraphs as hold these lines."""
    packed: list[str] = []
    for line in lines:
        if packed and len(packed[-1]) + 1 + len(line) <= SECTION:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    return [section(text) for text in packed]

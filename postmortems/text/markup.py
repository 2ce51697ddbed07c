"""Markdown as we read it: CommonMark with tables, strikethrough, task lists, bare addresses and our own images. Pure.

What comes out is not safe yet: raw HTML is in it, which `postmortems.text.rendering` takes out. The parser was
chosen because its time grows with the text's length, whatever is written (200,000 brackets: a second; Python-Markdown
takes more than a minute for a tenth of them), because lists nest as people indent them, and because it is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

DEEPEST = 20
"""Levels of quotations and lists, a list counting twice. markdown-it would leave out what lies deeper."""
MOST_TAGS = 2_000
"""HTML tags in a text: beyond that they are shown as written, for cleaning takes the square of their depth."""
MOST_BRACKETS = 5_000
"""Beginnings of links in a text: each is looked for the end of; beyond that they are only brackets."""
IMAGE = re.compile(r"image:([A-Za-z0-9_-]{6,24})")
"""How a picture of ours is written: `![what it shows](image:NAME)`."""
_TAG = re.compile(r"<[A-Za-z]")
_OURS = re.compile(r"<(?=(img|span)\b)", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\]\s+")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\ue000-\uf8ff]+")
_AFTER = ".,;:!?*_~'\""


class TooDeep(ValueError):
    """Lists or quotations stand within each other so deeply that the text cannot be shown as it is meant."""


def html(text: str, *, images: bool = True, breaks: bool = False) -> str:
    """HTML of a Markdown text, not safe yet. Headings begin at the third level.

    `images`: draw ours; without, their descriptions stand there. `breaks`: a new line is one, as in a letter. Raises
    `TooDeep`.
    """
    parser = _RAW if len(_TAG.findall(text)) <= MOST_TAGS else _ESCAPED
    return str(parser.render(text, {"images": images, "breaks": breaks}))


def _refuse_depth(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    if state.level >= DEEPEST:
        raise TooDeep(f"Lists or quotations stand more than {DEEPEST // 2} deep.")
    return False


def _leave_brackets(state: StateCore) -> None:
    inline = [token for token in state.tokens if token.type == "inline"]
    if sum(token.content.count("[") for token in inline) > MOST_BRACKETS:
        for token in inline:
            token.content = token.content.replace("[", "&#91;")


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"


def _finish_inline(state: StateCore) -> None:
    """Our images, bare addresses and the boxes of tasks."""
    for index, token in enumerate(state.tokens):
        if token.type == "inline" and token.children:
            children = list(_linked(token.children))
            children = [new for child in children for new in _pictured(child, images=state.env["images"])]
            token.children = _boxed(children) if _begins_item(state.tokens, index) else children
            if state.env["breaks"]:
                _break_lines(token.children)


def _linked(children: Sequence[Token]) -> Iterator[Token]:
    within = 0
    for child in children:
        within += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type == "text" and not within and "://" in child.content:
            yield from _with_links(child.content)
        else:
            yield child


def _with_links(text: str) -> Iterator[Token]:
    position = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AFTER)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_AFTER)
        end = found.start() + len(address)
        yield _text(text[position : found.start()])
        yield from _link(address, address)
        position = end
    yield _text(text[position:])


def _disown(token: Token) -> None:
    """Pictures and boxes are drawn by us alone: written as raw HTML they are no tag."""
    token.content = _OURS.sub("<not-", token.content)


def _pictured(token: Token, *, images: bool) -> list[Token]:
    """An image of ours is drawn; one from elsewhere becomes a link, for our pages load nothing from other hosts."""
    if token.type == "html_inline":
        _disown(token)
    if token.type != "image":
        return [token]
    source = str(token.attrs.get("src", ""))
    ours, alt = IMAGE.fullmatch(source), token.content
    if ours and images:
        token.attrs["src"] = f"/images/{ours[1]}"
        token.attrs["loading"] = "lazy"
        return [token]
    if ours or not re.match(r"https?://", source):
        return [_text(f"[{alt or 'picture'}]")]
    return list(_link(source, alt or source))


def _begins_item(tokens: Sequence[Token], index: int) -> bool:
    return index >= 2 and tokens[index - 1].type == "paragraph_open" and tokens[index - 2].type == "list_item_open"


def _boxed(children: list[Token]) -> list[Token]:
    """`[ ] ` or `[x] ` at the beginning as a box that screen readers tell, too."""
    first = next((child for child in children if child.type != "text" or child.content), None)
    if first is None or first.type != "text" or not (task := _TASK.match(first.content)):
        return children
    label, sign = ("To do", "☐") if task[1] == " " else ("Done", "☑")
    box = Token("html_inline", "", 0, content=f'<span role="img" aria-label="{label}:">{sign}</span> ')
    first.content = first.content[task.end() :]
    return [box, *children]


def _break_lines(children: Sequence[Token]) -> None:
    for child in children:
        if child.type == "softbreak":
            child.type = "hardbreak"


def _link(address: str, words: str) -> tuple[Token, Token, Token]:
    return Token("link_open", "a", 1, attrs={"href": address}), _text(words), Token("link_close", "a", -1)


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _any_address(url: str) -> bool:
    """Cleaning judges addresses: of a link that leads nowhere good, its words stay."""
    return True


def _parser(*, raw: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": raw, "maxNesting": DEEPEST + 4}).enable(["table", "strikethrough"])
    parser.disable("html_block")  # HTML stands within paragraphs, so that what is around it is still Markdown
    parser.validateLink = _any_address  # type: ignore[method-assign]
    parser.block.ruler.before("table", "depth", _refuse_depth)
    parser.core.ruler.before("inline", "brackets", _leave_brackets)
    parser.core.ruler.push("headings", _lower_headings)
    parser.core.ruler.push("finish", _finish_inline)
    return parser


_RAW, _ESCAPED = _parser(raw=True), _parser(raw=False)

"""Inside one paragraph: code, tags, links, addresses and quoted speech.

Every pattern is bounded or stops at its own opening character, so that no text takes quadratic time.
"""

import re

INLINE = "\ufffc"  # OBJECT REPLACEMENT CHARACTER: reads as the name of a thing

_BACKTICKS = re.compile(r"`+")
_PATTERNS = (
    re.compile(r"<!--.*?(?:-->|\Z)", re.S),
    re.compile(r"<[/!?]?[A-Za-z][^<>]{0,400}>"),
    re.compile(r"!?\[[^\[\]]{0,400}\](?:\([^()]{0,400}(?:\([^()]{0,400}\)[^()]{0,400})?\)|\[[^\[\]]{0,200}\])"),
    re.compile(r"\b(?:https?|ftp|ssh|file)://[^\s<>]+|\bwww\.[^\s<>]+"),
    re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"),
    re.compile(r"„[^“„”]*[“”]"),
    re.compile(r"“[^“„”]*(?:”|\Z)"),  # open to the end: the quotation goes on in the next paragraph
    re.compile(r"«[^«»]*»"),
    re.compile(r"(?<!\w)\"(?=\S)[^\"]*\""),
    re.compile(r"\A\s*\"[^\"]*\Z"),
    re.compile(r"‘[^‘’]{0,400}(?:’(?=\w)[^‘’]{0,400}){0,8}’(?!\w)"),
    re.compile(r"(?<![\w'])'(?=\w)[^'\n]{0,400}(?:'(?=\w)[^'\n]{0,400}){0,8}'(?!\w)"),
)


def mask_inline(paragraph: str) -> str:
    """The paragraph, equally long, with what is not plain prose replaced by `INLINE`."""
    paragraph = _mask_code_spans(paragraph)
    for pattern in _PATTERNS:
        paragraph = pattern.sub(_filler, paragraph)
    return paragraph


def _filler(found: re.Match[str]) -> str:
    return INLINE * len(found.group())


def _mask_code_spans(paragraph: str) -> str:
    """CommonMark: a run of backticks is closed by the next run of the same length."""
    if "`" not in paragraph:
        return paragraph
    runs = [found.span() for found in _BACKTICKS.finditer(paragraph)]
    closing = _closing_runs(runs)
    pieces, position, index = [], 0, 0
    while index < len(runs):
        partner = closing[index]
        if partner is None:
            index += 1
            continue
        start, end = runs[index][0], runs[partner][1]
        pieces += [paragraph[position:start], INLINE * (end - start)]
        position, index = end, partner + 1
    return "".join(pieces) + paragraph[position:]


def _closing_runs(runs: list[tuple[int, int]]) -> list[int | None]:
    """For each run of backticks, the index of the next run of its length."""
    closing: list[int | None] = [None] * len(runs)
    latest: dict[int, int] = {}
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1] - runs[index][0]
        closing[index] = latest.get(length)
        latest[length] = index
    return closing

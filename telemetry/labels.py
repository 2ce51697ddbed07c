"""Labels as people write them: `severity=critical, team="shop"`, on one line or several. No Django here."""

from __future__ import annotations

import re

_LABEL = re.compile(r'\s*([^\s=,{}"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^",\n][^,\n]*?)\s*(?:,|\n|$)')


def read_labels(text: str) -> dict[str, str]:
    """What is written, also copied out of Prometheus with its braces and quotes. Raises ValueError."""
    rest = text.strip().removeprefix("{").removesuffix("}").strip()
    labels: dict[str, str] = {}
    while rest.strip(" ,\n\r\t"):
        rest = rest.lstrip(" ,\n\r\t")
        found = _LABEL.match(rest)
        value = _unquoted(found[2]) if found else ""
        if found is None or not value:
            part = re.split(r"[,\n]", rest, maxsplit=1)[0].strip()
            raise ValueError(f"“{part[:60]}” is no label; write it as severity=critical.")
        labels[found[1]] = value
        rest = rest[found.end() :]
    return labels


def _unquoted(text: str) -> str:
    if len(text) > 1 and text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text.strip()

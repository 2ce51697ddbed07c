"""Whether a path fits a pattern, as in .gitignore and CODEOWNERS. No Django here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def fits(path: str, pattern: str) -> bool:
    """Whether the path, or a folder that it is in, fits.

    `*` and `?` stay within one folder, `**` crosses them; a pattern without a slash fits a name at any depth, one with
    a slash begins at the root; `auth` and `auth/` mean all that is in it.
    """
    return _compiled(pattern).fullmatch(path) is not None


def fits_any(path: str, patterns: Iterable[str]) -> bool:
    return any(fits(path, pattern) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    pattern = pattern.strip().removeprefix("./").rstrip("/")
    anywhere = "/" not in pattern
    words = "".join(_translated(part) for part in re.split(r"(\*\*/|/\*\*$|\*\*|\*|\?)", pattern.lstrip("/")))
    return re.compile(f"{'(?:.*/)?' if anywhere else ''}{words}(?:/.*)?", re.DOTALL)


def _translated(part: str) -> str:
    known = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return known.get(part) or re.escape(part)

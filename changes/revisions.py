"""How a revision is written where there is little room."""

import re

_COMMIT = re.compile(r"[0-9a-f]{12,64}", re.IGNORECASE)
SHORT = 12


def short(revision: str) -> str:
    """A long commit id by its beginning; a name, such as `limits.yaml` or `release-2026.11.3`, whole."""
    return revision[:SHORT] if _COMMIT.fullmatch(revision) else revision


def same_commit(one: str, other: str) -> bool:
    """Whether two revisions are one: equal, or commit ids of which one is a beginning of the other, of seven or more
    digits. Figures alone are a date or a number of a build rather, unless they are as long as a commit id."""
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    if short == long:
        return bool(short)
    is_commit = re.fullmatch("[0-9a-f]{8,64}", long) and (not long.isdecimal() or len(long) in (40, 64))
    return len(short) >= 7 and long.startswith(short) and bool(is_commit)

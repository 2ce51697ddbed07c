"""How a revision is written where there is little room."""

import re

_COMMIT = re.compile(r"[0-9a-f]{12,64}", re.IGNORECASE)
SHORT = 12


def short(revision: str) -> str:
    """A long commit id by its beginning; a name, such as `limits.yaml` or `release-2026.11.3`, whole."""
    return revision[:SHORT] if _COMMIT.fullmatch(revision) else revision

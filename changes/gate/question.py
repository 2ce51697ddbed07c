"""What is asked of the gate. No Django here."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import normpath

KINDS = ("deploy", "config", "flag", "infrastructure", "data")
WITHOUT_FILES = frozenset({"flag", "data"})  # they touch no file, unless they say so


@dataclass(frozen=True, kw_only=True)
class Question:
    """May this be changed now? Absent text is "".

    `service` is a slug, or what the sender calls it; `actor` whoever makes the change, as the pipeline names them;
    `incident` the number of the one that it is for; `paths` the files it touches as far as the asker tells.
    """

    service: str
    environment: str = ""
    revision: str = ""
    kind: str = "deploy"
    actor: str = ""
    pipeline_url: str = ""
    incident: int | None = None
    rollback: bool = False
    emergency: bool = False
    paths: tuple[str, ...] = ()
    repository: str = ""
    description: str = ""


def clean_paths(paths: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Paths from the root of the repository, sorted, each once: `./docs/../auth/a.py` is `auth/a.py`."""
    plain = (normpath("/" + path.strip()).lstrip("/") for path in paths if path.strip())
    return tuple(sorted({path for path in plain if path}))

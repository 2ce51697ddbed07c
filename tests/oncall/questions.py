"""Reads `questions.txt`: rotas in a few words, and who has the seat from each instant on.

    # what is asked
    zone Europe/London
    layer weekly/2 2026-06-01T09:00 ana bo+cy advance=active only=mon,tue@09:00-17:00
    override 2026-06-03T00:00Z 2026-06-04T00:00Z eve
    2026-06-01 09:00 +0100 ana
    2026-06-15 00:00 +0100 end

A layer's options are those of contracts.md; `only` stands for one of `restrict`, and may be repeated. Without a zone it
is UTC. The last lines are the answer: from each instant until the next these people and no others, `-` being nobody. A
blank line within an answer leaves a stretch of time out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("questions.txt")
OPTIONS = {"every": int, "first": int, "priority": int, "advance": str, "duration": str, "until": str}


@dataclass
class Rota:
    """One block of the table: the definition, and the stretches of its answer."""

    name: str
    definition: dict[str, Any] = field(default_factory=dict)
    stretches: list[list[tuple[datetime, list[str]]]] = field(default_factory=list)


def rotas() -> list[Rota]:
    blocks = TABLE.read_text(encoding="utf-8").split("\n# ")[1:]
    return [_rota(*block.partition("\n")[::2]) for block in blocks]


def questions() -> Iterator[tuple[Rota, datetime, datetime, list[str]]]:
    """For each line of an answer but the last of a stretch: from when until when who has the seat."""
    for rota in rotas():
        for stretch in rota.stretches:
            for (start, people), (end, _) in pairwise(stretch):
                yield rota, start, end, people


def _rota(name: str, text: str) -> Rota:
    seat: dict[str, Any] = {"name": "dev", "layers": []}
    rota = Rota(name, {"timezone": "UTC", "seats": [seat], "overrides": []})
    answering = False
    for line in text.splitlines():
        word, *rest = line.split() or [""]
        if word == "zone":
            rota.definition["timezone"] = rest[0]
        elif word == "layer":
            seat["layers"].append(_layer(*rest))
        elif word == "override":
            start, end, people = rest
            rota.definition["overrides"].append(
                {"seat": "dev", "start": start, "end": end, "people": people.split("+")}
            )
        elif word:
            if not answering:
                rota.stretches.append([])
            people = [] if rest[-1] == "-" else rest[-1].split("+")
            at = datetime.strptime(" ".join([word, *rest[:-1]]), "%Y-%m-%d %H:%M %z").astimezone(UTC)
            rota.stretches[-1].append((at, people))
        answering = word not in ("", "zone", "layer", "override")
    return rota


def _layer(kind: str, start: str, *words: str) -> dict[str, Any]:
    kind, _, every = kind.partition("/")
    layer: dict[str, Any] = {"kind": kind, "start": start, "every": int(every or 1), "participants": [], "restrict": []}
    for word in words:
        name, _, value = word.partition("=")
        if not value:
            layer["participants"].append(word.split("+"))
        elif name == "only":
            layer["restrict"].append(_window(value))
        else:
            layer["timezone" if name == "zone" else name] = OPTIONS.get(name, str)(value)
    return layer


def _window(text: str) -> dict[str, Any]:
    days, _, hours = text.partition("@")
    opens, _, closes = hours.partition("-")
    return ({"weekdays": days.split(",")} if days else {}) | ({"from": opens, "to": closes} if hours else {})

"""The way from one commit to another over the pushes that are known. No Django here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Step:
    """A push: `shas` are all the commits it brought, oldest first, None where some are not known."""

    before: str
    after: str
    shas: Sequence[str] | None
    forced: bool = False


def path(steps: Iterable[Step], older: str, newer: str) -> list[str] | None:
    """The commits after `older` up to `newer`, oldest first; None where no chain of pushes leads back to it.

    A forced push drops commits, and one that leaves some out hides them: neither is a link of a chain.
    """
    bringing = _bringing(steps)
    seen, ways = {newer}, [(newer, list[str]())]
    while ways:
        at, later = ways.pop()
        for step in bringing[at]:
            brought = upto(step, at) + later
            if older in brought:
                return brought[brought.index(older) + 1 :]
            if step.before == older:
                return brought
            if step.before and step.before not in seen:
                seen.add(step.before)
                ways.append((step.before, brought))
    return None


def upto(step: Step, sha: str) -> list[str]:
    """What a push brought up to one of its commits, and with it."""
    shas = list(step.shas or ())
    return shas[: shas.index(sha) + 1] if sha in shas else shas


def _bringing(steps: Iterable[Step]) -> dict[str, list[Step]]:
    """The pushes that brought each commit."""
    bringing = defaultdict[str, list[Step]](list)
    for step in steps:
        if step.shas is not None and not step.forced:
            for sha in dict.fromkeys((*step.shas, step.after)):
                bringing[sha].append(step)
    return bringing

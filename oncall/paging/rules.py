"""By which contact methods a person is told, and how long after the page: their own rules, as far as these work.

Pure. `reach.py` reads rules and methods from the database and asks `ways()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

AT_ONCE = timedelta()


@dataclass(frozen=True, slots=True)
class Method:
    """A way to reach a person. `refused`: it said no for good within the last day."""

    id: int
    verified: bool = True
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """For pages of this urgency: by this method, so long after the page, unless it is answered first."""

    urgency: str
    method: int
    delay: timedelta = AT_ONCE


def working(methods: Iterable[Method]) -> list[Method]:
    """Those worth trying: verified ones in their order, with those that refused lately last."""
    return sorted((method for method in methods if method.verified), key=lambda method: method.refused)


def ways(rules: Iterable[Rule], methods: Sequence[Method], urgency: str) -> list[tuple[int, timedelta]]:
    """Methods with the delay of each, the soonest first; empty for somebody who has no verified method.

    A rule whose method is unverified or refused lately is passed over. Where that would make the person wait longer
    for their first message than they asked for, the first rule that works takes its place. Without a rule that works:
    the first method worth trying, at once.
    """
    good = {method.id for method in methods if method.verified and not method.refused}
    wanted = sorted((rule for rule in rules if rule.urgency == urgency), key=lambda rule: rule.delay)
    usable = list(dict.fromkeys((rule.method, rule.delay) for rule in wanted if rule.method in good))
    if not usable:
        return [(method.id, AT_ONCE) for method in working(methods)[:1]]
    (first, _), *later = usable
    return list(dict.fromkeys([(first, wanted[0].delay), *later]))

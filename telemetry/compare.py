"""A panel before, during and after trouble: the medians, and their change in words. No Django here."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from telemetry.figures import written
from telemetry.series import Line, Point, values_within

ALIKE = 0.05  # a share: what differs by less is "as before"


@dataclass(frozen=True)
class Comparison:
    """Medians of one series in its unit; None where there is no value, or where that time has not come."""

    label: str
    before: float | None
    during: float | None
    after: float | None

    def words(self, unit: str = "") -> str:
        """`0.4 % → 12 % → 0.5 %`: what is not known yet is left out at the end."""
        told = [self.before, self.during, *([] if self.after is None else [self.after])]
        return " → ".join(written(value, unit, digits=3) for value in told)

    @property
    def before_words(self) -> str:
        return written(self.before)

    @property
    def during_words(self) -> str:
        return written(self.during)

    @property
    def after_words(self) -> str:
        return written(self.after)

    @property
    def change(self) -> str:
        """What the trouble did to it: "30 times as much", "as before"; "" where nothing can be compared."""
        return "" if self.before is None or self.during is None else _change(self.before, self.during)


def compare(lines: Sequence[Line], *, since: float, began: float, ended: float | None) -> list[Comparison]:
    """Each series in [since, began), [began, ended) and from then on, all in epoch seconds; `ended` None: still on."""
    over = float("inf") if ended is None else max(ended, began)
    return [
        Comparison(
            line["label"],
            _median(line["points"], since, began),
            _median(line["points"], began, over),
            _median(line["points"], over, float("inf")),
        )
        for line in lines
    ]


def _median(points: Sequence[Point], since: float, until: float) -> float | None:
    values = values_within(points, since, until)
    return median(values) if values else None


def _change(before: float, during: float) -> str:
    if abs(during - before) <= ALIKE * max(abs(before), abs(during)):
        return "as before"
    if before <= 0 or during < 0:
        return "more" if during > before else "less"
    share = during / before
    if share >= 2:
        return f"{share:.2g} times as much" if share < 100 else "more than 100 times as much"
    return f"{abs(share - 1):.0%} {'more' if share > 1 else 'less'}"

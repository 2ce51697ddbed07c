"""What the coach gives back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from postmortems.language.categories import Category


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of advice.

    `start` and `end` count code points of the text that was checked, so that
    `text == source[start:end]`; a browser counts UTF-16 units and has to convert.
    """

    start: int
    end: int
    category: Category
    text: str
    why: str
    ask: str

    def to_dict(self) -> dict[str, int | str]:
        """The shape of `POST language/check`."""
        return asdict(self) | {"category": self.category.value}


def summary(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each category, the most frequent first. Says nothing about authors."""
    return dict(Counter(finding.category.value for finding in findings).most_common())

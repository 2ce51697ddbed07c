"""What is wrong with a calendar, every sentence at once."""

from __future__ import annotations

from collections.abc import Sequence

MOST_TOLD = 10
MOST_NAMED = 100


class CalendarRefused(ValueError):
    """The calendar cannot be used. `errors`: by field (`text`, `people`, `until`), sentences."""

    def __init__(self, field: str, sentences: Sequence[str]) -> None:
        told, more = list(dict.fromkeys(sentences)), 0
        if len(told) > MOST_TOLD:
            told, more = told[:MOST_TOLD], len(told) - MOST_TOLD
        self.errors = {field: [*told, *([f"And {more} more."] if more else [])]}
        super().__init__(" ".join(self.errors[field]))


class UnknownPeople(CalendarRefused):
    """Some names are nobody here. `names` are as the file has them; each may be mapped to an e-mail address."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        listed = ", ".join(f"“{name}”" for name in names[:MOST_NAMED]) + more
        super().__init__("people", [f"Nobody here is called {listed}: say whose e-mail address each of them means."])

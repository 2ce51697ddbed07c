"""What a line tells, by our names for it, whatever names and shapes it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from postmortems.importing import names
from postmortems.importing.record import Remark, shown, storable

MOST_NAMES = 50
LONGEST_NAME = 100
TIMES = ("started_at", "detected_at", "mitigated_at", "resolved_at", "published_at")


class Refused(ValueError):
    """The line cannot be taken: at which field, why and what to do, and the value."""

    def __init__(self, field: str, text: str, value: object = "") -> None:
        self.field, self.value = field, value
        super().__init__(text)


class Fields:
    """The values of a line by our names, the best first; and the remarks that reading them leads to."""

    def __init__(self, told: Mapping[str, Any], line: int) -> None:
        self.line = line
        self.remarks: list[Remark] = []
        self.unknown: list[str] = []
        self._given = self._by_our_names(told, self.unknown)
        self._spread_times()

    def remark(self, field: str, text: str, value: object = "") -> None:
        self.remarks.append(Remark(self.line, field, text, shown(value)))

    def values(self, field: str) -> list[Any]:
        return self._given.get(field, [])

    def texts(self, field: str) -> list[str]:
        """Every text given for it, that is not blank."""
        return [text for value in self.values(field) for text in self.texts_in(field, value)]

    def texts_in(self, field: str, value: object) -> Iterator[str]:
        """The texts of a value: its own, or those of a list. What cannot be stored of them goes, with a remark."""
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, bool) or not isinstance(one, str | int | float):
                continue
            text = storable(said := str(one))
            if text != said:
                self.remark(field, "Characters that cannot be kept (NUL, half a surrogate pair) were taken out.", said)
            if text.strip():
                yield text.strip()

    def names(self, field: str) -> tuple[str, ...]:
        """Names, each once. A text is divided at its commas and semicolons; of an object its name is taken."""
        found: dict[str, str] = {}
        for value in self.values(field):
            for text in self.texts_in(field, self._named(field, value)):
                parts = text.replace(";", ",").split(",") if isinstance(value, str) else [text]
                for word in (" ".join(part.split())[:LONGEST_NAME] for part in parts):
                    if word:
                        found.setdefault(word.casefold(), word)
        if len(found) > MOST_NAMES:
            self.remark(field, f"{len(found)} are given; the first {MOST_NAMES} were kept.")
        return tuple(found.values())[:MOST_NAMES]

    def _named(self, field: str, value: Any) -> list[Any]:
        objects = value if isinstance(value, list) else [value]
        named = [one.get("name") or one.get("slug") if isinstance(one, dict) else one for one in objects]
        if any(not isinstance(one, str | int | float) for one in named):
            self.remark(field, "This is no name, and was left out.", value)
        return named

    def _by_our_names(self, told: Mapping[str, Any], unknown: list[str]) -> dict[str, list[Any]]:
        found: dict[str, list[tuple[int, Any]]] = {}
        for name, value in told.items():
            field = names.ours(name)
            if field is None:
                unknown.append(shown(name))
            elif value not in (None, "", [], {}):
                found.setdefault(field, []).append((names.rank(name), value))
        return {field: [value for _, value in sorted(pairs, key=_first)] for field, pairs in found.items()}

    def _spread_times(self) -> None:
        """`times` as an object is read as if its keys stood in the line; as a list, it is start and end."""
        for told in self._given.pop("times", []):
            if isinstance(told, dict):
                spread = self._by_our_names(told, self.unknown)
                self._add({field: values for field, values in spread.items() if field in TIMES})
            elif isinstance(told, list) and len(told) == 2:
                self._add({"started_at": told[:1], "resolved_at": told[1:]})
            elif isinstance(told, str | int | float):
                self._add({"started_at": [told]})
            else:
                text = 'These times were not understood: write {"started_at": …, "resolved_at": …}.'
                self.remark("started_at", text, told)

    def _add(self, values: Mapping[str, Iterable[Any]]) -> None:
        for field, more in values.items():
            self._given.setdefault(field, []).extend(more)


def _first(pair: tuple[int, Any]) -> int:
    return pair[0]

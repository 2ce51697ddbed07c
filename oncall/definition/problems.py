"""Collecting everything that is wrong with a document, so that it is told at once and by path."""

from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")


class InvalidDefinition(ValueError):
    """What was sent cannot be used. `errors`: path, such as `seats[0].layers[1].every`, to messages."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{path}: {' '.join(said)}" for path, said in self.errors.items()))


class Problems:
    """What has been found wrong so far."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def add(self, path: str, message: str) -> None:
        self.errors.setdefault(path, []).append(message)

    def raise_if_any(self) -> None:
        if self.errors:
            raise InvalidDefinition(self.errors)


class Fields:
    """The fields of one JSON object, each read by a function that raises ValueError with what is wrong.

    A field that cannot be read is noted, and reads as `otherwise` so that the rest is looked at too; whoever
    reads must end with `Problems.raise_if_any`, and then no stand-in has got out.
    """

    def __init__(self, data: object, path: str, problems: Problems, known: tuple[str, ...]) -> None:
        self.path, self.problems = path, problems
        self.data: dict[str, object] = {}
        self.is_object = isinstance(data, dict)
        if isinstance(data, dict):
            self.data = {str(key): value for key, value in data.items()}
        else:
            message = f"{shown(data)} is not an object; give one with {', '.join(known)}."
            problems.add(path or "definition", message)
        for key in self.data:
            if key not in known:
                problems.add(self.at(key), f"“{key}” is not known here; leave it out, or use {', '.join(known)}.")

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, message: str) -> None:
        self.problems.add(self.at(key), message)

    def required(self, key: str, read: Callable[[object], T], otherwise: T) -> T:
        if self.data.get(key) is None:
            if self.is_object:
                self.wrong(key, "This is missing; it is required.")
            return otherwise
        return self.optional(key, read, otherwise)

    def optional(self, key: str, read: Callable[[object], T], otherwise: T) -> T:
        """The field, or `otherwise` when it is absent or null."""
        value = self.data.get(key)
        if value is None:
            return otherwise
        try:
            return read(value)
        except ValueError as error:
            self.wrong(key, str(error))
            return otherwise

    def items(self, key: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
        """Each item of a list, read with its own path; an absent list is empty."""
        value = self.data.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(key, f"{shown(value)} is not a list; put it in [ ].")
            return ()
        return tuple(read(item, f"{self.at(key)}[{index}]") for index, item in enumerate(value))


def shown(value: object) -> str:
    """A value as an error message quotes it: short, whatever was sent."""
    text = f"“{value}”" if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"

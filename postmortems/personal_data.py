"""Personal data in a text that many will read: e-mail addresses, telephone, card and account numbers. Pure.

It must be precise, for what it finds is refused: versions, revisions, addresses of machines, ids, times and amounts are
none. A card number has to pass Luhn's check (ISO/IEC 7812-1), an IBAN the one of ISO 13616, a telephone number has to
begin with + and a country, or be introduced as one. Addresses of the domains that RFC 2606 keeps for examples, and of
machines ("git@github.com", "noreply@…"), are nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_EMAIL = re.compile(r"(?<![\w.+/:@-])[\w.+-]{1,64}@(?:[\w-]+\.)+[A-Za-z]{2,24}(?![\w@-])")
_NOBODY = re.compile(
    r"^(?:git|hg|svn|no-?reply|do-?not-?reply|user|username|you|name|root|postmaster|support|help|security|abuse|info|admin"
    r"|on-?call|alerts?|team|sre|ops|dev)@|[@.](?:example\.(?:com|net|org)|example|test|invalid|localhost|local|internal)$",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w+.])\+[1-9]\d{0,2}(?:[ ./-]?\(?\d{1,4}\)?){2,5}(?![\w.]\w|\w)")
_INTRODUCED = re.compile(
    r"\b(?:tel|phone|telephone|mobile|cell|call|fon|telefon)\b[.:]?\s*(\(?\d[\d ()./-]{6,18}\d)(?![\w.]\w|\w)",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"(?<![\w.+/:-])(?:\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}|\d{4}[ -]\d{6}[ -]\d{5}|\d{13,19})(?![\w-]|\.\d)"
)
_IBAN = re.compile(r"(?<![\w/-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w-])")


@dataclass(frozen=True)
class Found:
    """What was found: `kind` in words, and the words themselves, at `start` to `end`."""

    kind: str
    text: str
    start: int
    end: int


def find(text: str) -> list[Found]:
    """All of it, in the order in which it stands; what lies within another find is left out."""
    found: list[Found] = []
    for one in sorted(_all(text), key=lambda one: (one.start, -one.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def refusal(found: list[Found]) -> str:
    """A sentence that says which words, and what to do."""
    named = ", ".join(f"the {one.kind} {one.text!r}" for one in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return (
        f"There is personal data in it, and the whole company may read it: {named}{more}. "
        "Say whom to ask by their role, or take it out."
    )


def _all(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        if not _NOBODY.search(match[0]):
            yield Found("e-mail address", match[0], *match.span())
    for match in _IBAN.finditer(text):
        if _is_iban(match[0].replace(" ", "")):
            yield Found("account number", match[0], *match.span())
    for match in _CARD.finditer(text):
        if _is_card(re.sub(r"\D", "", match[0])):
            yield Found("card number", match[0], *match.span())
    for match in _PHONE.finditer(text):
        if 8 <= len(re.sub(r"\D", "", match[0])) <= 15:
            yield Found("telephone number", match[0], *match.span())
    for match in _INTRODUCED.finditer(text):
        if 8 <= len(re.sub(r"\D", "", match[1])) <= 15:
            yield Found("telephone number", match[1], *match.span(1))


def _is_card(digits: str) -> bool:
    """Luhn's check over 13 to 19 digits that begin as those of cards do, and are not all the same."""
    if not 13 <= len(digits) <= 19 or digits[0] not in "23456" or len(set(digits)) == 1:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _is_iban(code: str) -> bool:
    """The first four signs put last, letters as numbers from 10: the whole leaves 1 when divided by 97."""
    if not 15 <= len(code) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97 == 1

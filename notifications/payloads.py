"""Reading what strangers send: JSON, times and fields, with one kind of error for all that may be wrong.

Whatever arrives, these functions either return a value that PostgreSQL can store or raise `MalformedPayload`.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Never

MAX_DEPTH = 100
_LARGEST_INTEGER = 2**63 - 1
_MILLISECONDS_FROM = 100_000_000_000  # as seconds this is the year 5138, as milliseconds March 1973
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps neither NUL nor half a surrogate pair
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,12}))? ?(?:(Z|z|UTC)|([+-])(\d\d):?(\d\d))",
    re.ASCII,
)

# Where each sender puts the identity of a delivery; the others are told apart by their body.
_DELIVERY_HEADERS = {
    "github": ("X-GitHub-Delivery",),
    "gitlab": ("Idempotency-Key",),
    "pagerduty": ("X-Webhook-Id",),
    "sentry": ("Request-ID",),
    "cdevents": ("ce-source", "ce-id"),
    "event": ("Idempotency-Key", "webhook-id"),
}


class MalformedPayload(ValueError):
    """What a sender sent cannot be read. `field` is a dotted path, `value` what stood there."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        self.field, self.value, self.expected = field, value, expected
        super().__init__(f"{field} is {shown(value)}; expected {expected}")


def header(headers: Mapping[str, str], name: str) -> str:
    """The value of a header whatever its case, "" where it is absent."""
    if name in headers:
        return headers[name]
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), "")


def body_digest(body: bytes) -> str:
    """SHA-256 of a body, in hexadecimal: the identity of a delivery that has no other."""
    return hashlib.sha256(body).hexdigest()


def delivery_key(source: str, headers: Mapping[str, str]) -> str | None:
    """The sender's own identity for this delivery (at most 200 characters), or None where it gives none.

    None leaves the choice to the intake: GitLab's rule is the digest of the body, while two equal lines to
    `/e/<token>` a day apart are two changes.
    """
    values = [header(headers, name) for name in _DELIVERY_HEADERS.get(source, ())]
    if source == "cdevents":
        key = " ".join(values) if values[0] and values[1] else ""  # only the pair is unique (CloudEvents 1.0)
    else:
        key = next(filter(None, values), "")
    if len(key) > 200:
        key = "sha256:" + body_digest(key.encode("utf-8", "surrogatepass"))
    return storable(key) or None


def storable(text: str) -> str:
    """Text that PostgreSQL takes: NUL and halves of surrogate pairs are replaced."""
    return _UNSTORABLE.sub("\ufffd", text)


def read_json(body: bytes, *, replace: bool = True) -> object:
    """The JSON value in `body`: UTF-8, no NaN or infinity, at most 100 levels deep.

    Text that cannot be stored is made storable, or with `replace=False` refused.
    """
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise MalformedPayload("body", body[:40], f"UTF-8 (byte {error.start} is not)") from error
    except RecursionError as error:
        raise MalformedPayload("body", body[:40], f"at most {MAX_DEPTH} levels of nesting") from error
    except json.JSONDecodeError as error:
        raise MalformedPayload("body", body[:40], f"JSON ({error.msg} at character {error.pos})") from error
    except MalformedPayload:
        raise
    except ValueError as error:  # Python refuses to read integers of more than 4,300 digits
        raise MalformedPayload("body", body[:40], "JSON with integers of reasonable length") from error
    return _storable(value, replace)


def read_object(body: bytes) -> "Fields":
    """The JSON object in `body`, ready to be asked for its fields."""
    value = read_json(body)
    if not isinstance(value, dict):
        raise MalformedPayload("body", value, "a JSON object")
    return Fields(value)


def read_time(value: object, field: str = "time") -> datetime | None:
    """An aware datetime in UTC, or None where `value` is absent, empty or Go's zero time (0001-01-01).

    Reads RFC 3339 with any number of decimals, GitLab's `2021-04-28 21:50:00 +0200` and `… UTC`, and Unix
    time in seconds or milliseconds, as a number or in digits.
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and not re.fullmatch(r"\d{1,16}(\.\d{1,9})?", value, re.ASCII):
            return _calendar_time(value.strip())
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return _unix_time(float(value))
    except (ValueError, OverflowError):
        pass  # falls through to the one error for everything that is not a time
    raise MalformedPayload(field, value, "a time such as 2026-06-01T09:00:00Z, or seconds since 1970")


class Fields:
    """A JSON object that answers by type and names the path of what is wrong. Unknown keys are ignored."""

    def __init__(self, values: Mapping[str, object], path: str = "") -> None:
        self.values, self.path = values, path

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def fail(self, key: str, expected: str) -> Never:
        """Refuse the field `key` as it stands."""
        raise MalformedPayload(self._path(key), self.values.get(key), expected)

    def text(self, key: str, default: str = "") -> str:
        """A string; `default` where it is absent or null."""
        value = self.values.get(key)
        if value is None:
            return default
        return value if isinstance(value, str) else self.fail(key, "text")

    def required_text(self, key: str) -> str:
        """A string that is not empty."""
        return self.text(key).strip() or self.fail(key, "text that is not empty")

    def identifier(self, key: str) -> str:
        """A required identity: text, or a whole number given back as text."""
        value = self.values.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST_INTEGER:
            return str(value)
        return self.required_text(key) if isinstance(value, str) else self.fail(key, "an id (text or number)")

    def integer(self, key: str, default: int = 0) -> int:
        """A whole number of at most 64 bits; `default` where it is absent or null."""
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST_INTEGER:
            self.fail(key, "a whole number of at most 64 bits")
        return value

    def time(self, key: str) -> datetime | None:
        """As `read_time`; None where it is absent."""
        return read_time(self.values.get(key), self._path(key))

    def required_time(self, key: str) -> datetime:
        """As `read_time`, and present."""
        return self.time(key) or self.fail(key, "a time such as 2026-06-01T09:00:00Z")

    def object(self, key: str) -> "Fields":
        """A nested object; an empty one where it is absent or null."""
        value = self.values.get(key)
        if value is None:
            return Fields({}, self._path(key))
        return Fields(value, self._path(key)) if isinstance(value, dict) else self.fail(key, "an object")

    def objects(self, key: str) -> "list[Fields]":
        """A list of objects; empty where it is absent or null."""
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(key, "a list of objects")
        for place, item in enumerate(value):
            if not isinstance(item, dict):
                raise MalformedPayload(f"{self._path(key)}[{place}]", item, "an object")
        return [Fields(item, f"{self._path(key)}[{place}]") for place, item in enumerate(value)]

    def texts(self, key: str) -> dict[str, str]:
        """An object of strings, such as labels; empty where it is absent or null."""
        values = self.object(key)
        return {name: values.text(name) for name in values.values}

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def shown(value: object) -> str:
    """A value as an error message shows it: short, on one line."""
    if value is None:
        return "missing"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = repr(value[:61]) if isinstance(value, str | bytes) else repr(value)
    return text if len(text) <= 64 else text[:60] + "…"


def _storable(value: object, replace: bool, field: str = "", depth: int = 0) -> object:
    if isinstance(value, str):
        return _storable_text(value, replace, field)
    if depth > MAX_DEPTH:
        raise MalformedPayload("body", value, f"at most {MAX_DEPTH} levels of nesting")
    if isinstance(value, dict):
        return {
            _storable_text(key, replace, field): _storable(item, replace, f"{field}.{key}".lstrip("."), depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_storable(item, replace, f"{field}[{place}]", depth + 1) for place, item in enumerate(value)]
    return value


def _storable_text(text: str, replace: bool, field: str) -> str:
    if not replace and _UNSTORABLE.search(text):
        raise MalformedPayload(field or "body", text, "text without NUL and without halves of surrogate pairs")
    return storable(text)


def _no_constant(word: str) -> Never:
    raise MalformedPayload("body", word, "JSON, which has no such number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise MalformedPayload("body", digits, "numbers that fit a double")
    return number


def _unix_time(number: float) -> datetime:
    seconds = number / 1000 if abs(number) >= _MILLISECONDS_FROM else number
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def _calendar_time(text: str) -> datetime | None:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part) for part in match.group(1, 2, 3, 4, 5, 6))
    if year == 1:
        return None
    decimals, utc, sign, zone_hours, zone_minutes = match.group(7, 8, 9, 10, 11)
    zone: timezone = UTC
    if not utc:
        offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
        zone = timezone(-offset if sign == "-" else offset)
    microsecond = int((decimals or "0")[:6].ljust(6, "0"))
    leap = second == 60  # RFC 3339 allows a leap second, datetime does not
    moment = datetime(year, month, day, hour, minute, 59 if leap else second, microsecond, tzinfo=zone)
    return moment.astimezone(UTC)

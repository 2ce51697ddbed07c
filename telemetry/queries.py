"""The queries of panels, filled in for a service. No Django here."""

import re

_PLACEHOLDER = re.compile(r"\{(service|environment)\}")
_QUOTED = {"\\": r"\x5c", '"': r"\x22", "'": r"\x27", "`": r"\x60", "\n": r"\x0a", "\r": r"\x0d"}


def fill(template: str, *, service: str, environment: str) -> str:
    """A panel's query with `{service}` and `{environment}` filled in; they belong between quotes.

    A value cannot end its quotes: quotes and backslashes become escapes that both kinds of quotes understand, in
    PromQL and in LogQL.
    """
    values = {"service": service, "environment": environment}
    return _PLACEHOLDER.sub(lambda match: _quoted(values[match[1]]), template)


def _quoted(value: str) -> str:
    return "".join(_QUOTED.get(character, character) for character in value)

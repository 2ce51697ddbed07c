"""Contact methods as they are given: each checked by what its kind needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from notifications.channels import apprise
from notifications.models import ContactMethod
from oncall.services.findings import Findings, email

Method = Mapping[str, str]  # {"kind": "email", "address": "ana@example.com"}
LONGEST = 500


@dataclass(frozen=True)
class Given:
    """A checked way to reach somebody. `shown`: its address without secrets, "" where it has none."""

    kind: str
    address: str
    shown: str = ""


def read_all(findings: Findings, methods: Iterable[Method], known: Iterable[ContactMethod] = ()) -> list[Given]:
    """Each method once, in their order. One of `known` may be named by what is shown of it."""
    stands = {(method.kind, method.shown): method for method in known if method.shown}
    found = []
    for index, method in enumerate(methods):
        if same := stands.get((method.get("kind", ""), method.get("address", ""))):
            found.append(Given(same.kind, same.address, same.shown))
        else:
            found.append(read(findings, f"contact_methods[{index}].", method.get("kind"), method.get("address")))
    return list(dict.fromkeys(found))


def read(findings: Findings, prefix: str, kind: object, address: object) -> Given:
    """One method; what is wrong is noted at the fields `kind` and `address` behind `prefix`."""
    kind = findings.choice(f"{prefix}kind", kind, ContactMethod.Kind.values)
    address = findings.text(f"{prefix}address", address, LONGEST)
    shown = ""
    if kind == ContactMethod.Kind.EMAIL and address:
        address = findings.read(f"{prefix}address", email, address, "")
    elif kind == ContactMethod.Kind.WEBHOOK and address:
        findings.read(f"{prefix}address", _web, address, None)
    elif kind == ContactMethod.Kind.APPRISE and address:
        shown = findings.read(f"{prefix}address", apprise.shown, address, "")
    return Given(kind, address, shown)


def _web(address: str) -> None:
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        whole = False
    if not whole:
        raise ValueError(f"“{address}” is not a URL; write one that begins with https://.")

"""What each severity means: in words, for paging, for updates and for what follows."""

from dataclasses import dataclass
from typing import Literal

Paging = Literal["both", "policy", "nobody"]
"""`both`: Dev and Ops at the same moment; `policy`: as the service's escalation policy says."""


@dataclass(frozen=True)
class Severity:
    """One degree of harm. `update_minutes`: the longest wait for an update, None where none is due."""

    key: str
    name: str
    meaning: str
    paging: Paging
    update_minutes: int | None
    post_mortem_required: bool


SEVERITIES = {
    severity.key: severity
    for severity in (
        Severity("sev1", "Critical", "Most users cannot work, or data is being lost or exposed.", "both", 30, True),
        Severity(
            "sev2",
            "Major",
            "Many users are affected, or something important fails for some.",
            "both",
            60,
            True,
        ),
        Severity("sev3", "Minor", "Some users notice, and there is a way around it.", "policy", 240, False),
        Severity(
            "sev4",
            "Low",
            "Nobody is harmed yet; it should be looked at in working hours.",
            "nobody",
            None,
            False,
        ),
    )
}
"""By key, the gravest first."""


def severity(key: str) -> Severity:
    """The severity of that key; ValueError names the known ones."""
    if key not in SEVERITIES:
        raise ValueError(f"{key!r} is not a severity; choose one of {', '.join(SEVERITIES)}")
    return SEVERITIES[key]


def is_graver(one: str, other: str) -> bool:
    """Whether severity `one` is graver than `other`, both by key."""
    order = list(SEVERITIES)
    return order.index(severity(one).key) < order.index(severity(other).key)

"""The plain rows that figures are computed from. Pure."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident that counts: no practice, no false alarm, none merged into another."""

    number: int
    title: str
    severity: str
    source: str
    started_at: datetime
    detected_at: datetime
    mitigated_at: datetime | None
    resolved_at: datetime | None
    exempted: bool = False
    published_at: datetime | None = None
    has_postmortem: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmedRow:
    """An incident that counts and of which people said which changes had a part.

    `rank`: where the best placed of these stood when it was judged, 1 is first; None: none was suspected.
    """

    number: int
    title: str
    severity: str
    started_at: datetime
    rank: int | None
    confirmed: int


@dataclass(frozen=True, slots=True)
class PostmortemRow:
    """A published post-mortem and the keys of what contributed."""

    number: int
    title: str
    published_at: datetime
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A published post-mortem, how many people opened it, and how many problems and articles link to it."""

    number: int
    title: str
    published_at: datetime
    readers: int
    citations: int


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action. `done_on` is the day it was done; `team` is empty where nobody's is named."""

    number: int
    title: str
    team: str
    state: str
    due_on: date
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem that is not resolved."""

    number: int
    title: str
    known_error: bool
    created_on: date
    incidents: int


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article that is not archived. `uses`: in the period."""

    number: int
    title: str
    validated: bool
    review_on: date | None
    uses: int


@dataclass(frozen=True, slots=True)
class TimeRow:
    """A week of a team, in hours. `spent` is None where it was not reported."""

    slug: str
    team: str
    week: date
    planned: float
    spent: float | None
    note: str

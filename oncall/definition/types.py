"""What a schedule definition says, once it has been read."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from oncall.rotas.schedule import Seat


@dataclass(frozen=True, slots=True)
class Definition:
    """A schedule's seats, and the zone of every time in it that names no other."""

    zone: ZoneInfo
    seats: tuple[Seat, ...]

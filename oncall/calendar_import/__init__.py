"""An iCalendar file of another product, imported once: as overrides, or as layers of a seat. Pure."""

from oncall.calendar_import.convert import AS, convert
from oncall.calendar_import.reading import MOST_BYTES
from oncall.calendar_import.refusal import CalendarRefused, UnknownPeople
from oncall.calendar_import.types import Imported

__all__ = ["AS", "MOST_BYTES", "CalendarRefused", "Imported", "UnknownPeople", "convert"]

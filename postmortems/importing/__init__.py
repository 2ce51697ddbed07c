"""Reading write-ups from JSON lines: bytes in, records and remarks out. Pure; no input makes it raise."""

from postmortems.importing.file import Numbered, numbered, read_file
from postmortems.importing.reading import read_line
from postmortems.importing.record import Read, Record, Remark

__all__ = ["Numbered", "Read", "Record", "Remark", "numbered", "read_file", "read_line"]

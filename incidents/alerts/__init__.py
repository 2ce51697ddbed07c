"""Taking alerts in: they join the open incident of their service or of what it depends on, or lead to what a rule says.

One group of a sender's alerts makes one incident at most, however many alerts and messages it comes in, and nothing is
dropped: every alert says in words what became of it (`telemetry.outcomes`).

`taking.py` is the way of a batch, `placing.py` what becomes of each alert in it: `homes.py` finds the incident that is
open, `declaring.py` makes a new one, `paging.py` pages without one.
"""

from incidents.alerts.taken import Batch
from incidents.alerts.taking import take_in, take_in_all

__all__ = ["Batch", "take_in", "take_in_all"]

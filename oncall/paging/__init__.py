"""Paging: demands for somebody's attention, how they climb until they are answered, and how people are told of them.

What others call stands here. A page is asked for in `demands.py` and answered in `answers.py`; `escalation.py` (pure)
says how it climbs its plan (`plans.py`), `climb.py` carries that out with whom `reach.py` finds; `rules.py`, `quiet.py`
and `pacing.py` (pure) say how and when each is told, `notify.py` and `bundles.py` tell them.
"""

from oncall.paging.answers import acknowledge, may_acknowledge
from oncall.paging.climb import escalate_due
from oncall.paging.demands import escalate_now, page, resolve, set_private, snooze
from oncall.paging.reassigning import reassign

__all__ = [
    "acknowledge",
    "escalate_due",
    "escalate_now",
    "may_acknowledge",
    "page",
    "reassign",
    "resolve",
    "set_private",
    "snooze",
]

"""The life of an action item: which move is allowed from where. Pure.

proposed → accepted → in progress → done; whatever is open may be done or given up, and what is closed reopened.
"""

MOVES: dict[str, tuple[str, ...]] = {
    "proposed": ("accepted", "in_progress", "done", "wont_do"),
    "accepted": ("in_progress", "done", "wont_do", "proposed"),
    "in_progress": ("done", "wont_do", "accepted"),
    "done": ("reopened",),
    "wont_do": ("reopened",),
}


def allowed(state: str) -> tuple[str, ...]:
    """The moves from `state`, the usual one first; empty for a state that does not exist."""
    return MOVES.get(state, ())


def after(to: str) -> str:
    """The state that a move leads to."""
    return "accepted" if to == "reopened" else to

"""How soon a problem deserves attention: impact by urgency, as ITIL's matrix has it. Pure."""

HIGHEST, LOWEST = 1, 5


def priority(impact: int, urgency: int) -> int:
    """From 1 (both high) to 5 (both low); `impact` and `urgency` are 1 high, 2 medium, 3 low.

    Raises ValueError for other levels.
    """
    for name, level in (("impact", impact), ("urgency", urgency)):
        if level not in (1, 2, 3):
            raise ValueError(f"{name} {level!r} is not a level: 1 is high, 2 medium, 3 low")
    return impact + urgency - 1

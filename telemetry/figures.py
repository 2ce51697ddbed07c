"""Numbers of a chart as people read them: few digits, and K, M, B, T for what is large. No Django here."""

LETTERS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e4, "K"))


def written(value: float | None, unit: str = "", *, digits: int = 4) -> str:
    """`0.4 %`, `12.35K`; a dash for nothing."""
    if value is None:
        return "–"
    figure = _figure(value, digits)
    return f"{figure} {unit}" if unit else figure


def _figure(value: float, digits: int) -> str:
    for size, letter in LETTERS:
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'K' else size):.{digits}g}{letter}"
    return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}"

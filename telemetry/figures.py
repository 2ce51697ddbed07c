"""Numbers of a chart as people read them: four digits, and k, M, B, T for what is large. No Django here."""

LETTERS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e4, "K"))


def written(value: float | None, unit: str = "") -> str:
    """`0.4 %`, `12.35K`; a dash for nothing."""
    if value is None:
        return "–"
    figure = _figure(value)
    return f"{figure} {unit}" if unit else figure


def _figure(value: float) -> str:
    for size, letter in LETTERS:
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'K' else size):.4g}{letter}"
    return f"{value:.4g}"

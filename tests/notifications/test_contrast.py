"""Every pair of colours that stand on each other meets WCAG 2 AA in both themes, by tokens.css."""

import re
from math import cos, radians, sin
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
TEXT, GRAPHICS = 4.5, 3.0

SURFACES = ["surface", "surface-raised", "surface-sunken", "surface-hover"]
ON_SURFACES = ["ink", "ink-quiet", "link", "accent-ink", "dev", "ops", "ok", "warn", "bad", "info"]
PAIRS = [
    *((ink, surface, TEXT) for ink in ON_SURFACES for surface in SURFACES),
    *((tone, f"{tone}-wash", TEXT) for tone in ("dev", "ops", "ok", "warn", "bad", "info")),
    *(("ink", f"{tone}-wash", TEXT) for tone in ("accent", "dev", "ops", "ok", "warn", "bad", "info")),
    *(("link", f"{tone}-wash", TEXT) for tone in ("ok", "warn", "bad", "info")),
    *((f"sev{n}-on", f"sev{n}-fill", TEXT) for n in (1, 2, 3, 4)),
    *((f"sev{n}", surface, GRAPHICS) for n in (1, 2, 3, 4) for surface in SURFACES[:2]),
    ("accent-on", "accent", TEXT),
    ("accent-on", "accent-hover", TEXT),
    *((edge, surface, GRAPHICS) for edge in ("line-control", "focus") for surface in SURFACES[:3]),
]


def colours(theme: int) -> dict[str, tuple[float, float, float]]:
    """Each token as linear sRGB; `theme` 0 is light, 1 is dark."""
    found = {}
    for name, value in re.findall(r"--([\w-]+): ((?:light-dark\()?oklch\(.*)\);", TOKENS):
        choices = re.findall(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)?", value)
        found[name] = linear(*map(float, choices[min(theme, len(choices) - 1)]))
    return found


def linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """OKLCH to linear sRGB, clipped to the gamut (Ottosson's matrices)."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (min(max(part, 0.0), 1.0) for part in rgb)
    return red, green, blue


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    lighter, darker = sorted(
        (0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (one, other)), reverse=True
    )
    return (lighter + 0.05) / (darker + 0.05)


def test_the_arithmetic_agrees_with_known_contrasts() -> None:
    assert contrast(linear(1, 0, 0), linear(0, 0, 0)) == pytest.approx(21, abs=0.01)
    assert contrast(linear(0.628, 0.2577, 29.23), linear(1, 0, 0)) == pytest.approx(4.0, abs=0.02)  # pure red


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper", "least"), PAIRS)
def test_ink_can_be_read_on_its_paper(ink: str, paper: str, least: float, theme: int) -> None:
    known = colours(theme)
    assert contrast(known[ink], known[paper]) >= least

"""What goes into spreadsheets."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    """A text that a spreadsheet would run begins with an apostrophe."""
    return f"'{text}" if text.startswith(FORMULAS) else text

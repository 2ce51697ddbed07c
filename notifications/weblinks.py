"""Addresses that strangers send, as far as it is safe to make them links."""

from urllib.parse import urlsplit


def web_address(text: str, *, longest: int) -> str:
    """`text` where it is an http or https address of at most `longest` characters, else "".

    A cut address leads nowhere, and one of another scheme (`javascript:`) must never become a link.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    usable = parts.scheme in ("http", "https") and parts.netloc and len(text.strip()) <= longest
    return text.strip() if usable else ""

"""Pictures that people paste: read with suspicion, and written anew, so that nothing but pixels is kept. Pure.

What a file is called or says it is does not count; what its bytes are does. The new file has no EXIF (where a photo was
taken, and with what), no colour profile, no comment and nothing behind its end. A moving picture keeps its first frame.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MOST_BYTES = 5_000_000
MOST_WRITTEN = 15_000_000
"""Bytes of what we write: a palette unfolded may take three times as many."""
MOST_PIXELS = 25_000_000
"""Three screens of 4K; a picture that is a kilobyte when packed can be gigabytes of pixels."""
LONGEST_SIDE = 20_000
KINDS = "PNG, JPEG, GIF or WebP"
_UNREADABLE = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, AttributeError),
    *(struct.error, RuntimeError, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning),
)
"""What Pillow's decoders raise for files that are broken, or were made to break them."""
_SIGNS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"BM", "a Windows bitmap"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x00\x00\x01\x00", "an icon file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_TEXTS = (
    ("<svg", "an SVG drawing"),
    ("<!doctype html", "a web page"),
    ("<html", "a web page"),
    ("<script", "a script"),
)


@dataclass(frozen=True)
class Picture:
    """What is kept: PNG or JPEG. Width and height in pixels; `moving`: it is the first frame of several."""

    content: bytes
    content_type: str
    width: int
    height: int
    moving: bool = False


class Refused(ValueError):
    """It is not kept; the sentence says what it was and what to do."""


class TooLarge(Refused):
    """It may be a picture, but of more bytes or pixels than we take."""


def written_anew(content: bytes) -> Picture:
    """The picture in these bytes, written by us. Raises `Refused`, or `TooLarge`."""
    if len(content) > MOST_BYTES:
        raise TooLarge(too_many_bytes(len(content)))
    if not content:
        raise Refused("The file is empty: choose a picture.")
    try:
        return _written(Image.open(io.BytesIO(content), formats=FORMATS))
    except Refused:
        raise
    except Image.UnidentifiedImageError as error:
        raise Refused(f"This is {_guess(content)}, not a picture that we take: save it as {KINDS}.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(_too_many("more than a hundred million")) from error
    except _UNREADABLE as error:
        raise Refused(f"The picture is damaged or cut short ({error}): save it anew as {KINDS}.") from error


def too_many_bytes(size: int) -> str:
    """What to say of a file of this size."""
    return f"The picture has {size / 1e6:.1f} MB; {MOST_BYTES / 1e6:.0f} MB at most are taken: make it smaller."


def _written(image: Image.Image) -> Picture:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise TooLarge(_too_many(f"{width} × {height}"))
    kind, moving = image.format, bool(getattr(image, "is_animated", False))
    image.load()
    turned = ImageOps.exif_transpose(image)
    lossy = kind == "JPEG" or (kind == "WEBP" and not turned.has_transparency_data)
    plain = _plain(turned, opaque=lossy)
    out = io.BytesIO()
    if lossy:
        plain.save(out, "JPEG", quality=90, subsampling=0, optimize=True)
    else:
        plain.save(out, "PNG")
    if len(out.getvalue()) > MOST_WRITTEN:
        raise TooLarge(f"Written anew, the picture has {len(out.getvalue()) / 1e6:.0f} MB: make it smaller.")
    return Picture(out.getvalue(), "image/jpeg" if lossy else "image/png", *plain.size, moving)


def _plain(image: Image.Image, *, opaque: bool) -> Image.Image:
    """The pixels in a mode that every reader shows, without anything that was written beside them."""
    if image.mode.startswith(("I", "F")):  # 16 bits of grey; 8 are enough to look at
        image = image.convert("I").point(lambda value: value * (1 / 256))
        plain = image.convert("L")
    elif image.mode in ("L", "RGB") and not image.has_transparency_data:
        plain = image.copy()
    else:
        plain = image.convert("RGBA" if image.has_transparency_data and not opaque else "RGB")
    plain.info = {}
    return plain


def _too_many(size: str) -> str:
    return f"The picture has {size} pixels; {MOST_PIXELS // 1_000_000} million at most are taken: make it smaller."


def _guess(content: bytes) -> str:
    """What the bytes look like, in words."""
    for sign, name in _SIGNS:
        if content.startswith(sign):
            return name
    if content[4:8] == b"ftyp":
        return "a HEIC or AVIF picture, or a film"
    text = content[:2000].decode("latin-1").lower()
    for sign_in_text, name in _TEXTS:
        if sign_in_text in text:
            return name
    return "a file of another kind"

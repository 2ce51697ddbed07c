"""Pictures that people paste are read with suspicion and written anew: nothing but pixels is kept."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from postmortems.text.pictures import MOST_BYTES, Refused, TooLarge, written_anew

SIZE = (60, 40)


def picture(kind="PNG", mode="RGB", size=SIZE, **options):
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


def opened(kept):
    return Image.open(io.BytesIO(kept.content))


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [
        *(("PNG", mode, "image/png") for mode in ("1", "L", "P", "RGB", "RGBA", "LA", "I;16")),
        *(("JPEG", mode, "image/jpeg") for mode in ("L", "RGB", "CMYK")),
        ("GIF", "P", "image/png"),
        ("WEBP", "RGB", "image/jpeg"),
    ],
)
def test_every_kind_that_is_taken_is_shown_by_every_reader(kind, mode, becomes):
    kept = written_anew(picture(kind, mode))
    assert (kept.content_type, kept.width, kept.height) == (becomes, *SIZE)
    assert opened(kept).mode in ("L", "RGB", "RGBA")


def test_where_and_with_what_it_was_taken_is_not_kept():
    exif = Image.Exif()
    exif[0x010F] = "Maker of phones"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # GPS
    for kind in ("JPEG", "PNG", "WEBP"):
        content = picture(kind, exif=exif)
        assert b"Maker of phones" in content
        kept = written_anew(content)
        assert b"Maker" not in kept.content
        assert not opened(kept).getexif()


def test_comments_profiles_and_what_is_hidden_behind_the_end_are_not_kept():
    kept = written_anew(
        picture("JPEG", comment=b"a comment", icc_profile=b"a profile" * 20) + b"<script>hidden</script>"
    )
    for part in (b"comment", b"profile", b"script"):
        assert part not in kept.content


def test_a_photo_taken_upright_stays_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    kept = written_anew(picture("JPEG", exif=exif))
    assert (kept.width, kept.height) == (40, 60)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_can_be_seen_through_stays_so(kind):
    out = io.BytesIO()
    Image.new("RGBA", SIZE, (255, 0, 0, 80)).save(out, kind, lossless=True)
    kept = written_anew(out.getvalue())
    assert kept.content_type == "image/png"
    assert opened(kept).getpixel((1, 1)) == (255, 0, 0, 80)


def test_of_a_moving_picture_the_first_frame_is_kept():
    frames = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    kept = written_anew(out.getvalue())
    assert kept.moving
    assert opened(kept).convert("RGB").getpixel((1, 1)) == (255, 0, 0)


def test_the_same_picture_is_written_the_same():
    assert written_anew(picture()) == written_anew(picture())


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "an SVG drawing"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a web page"),
        (b"%PDF-1.7\n", "a PDF"),
        (archive(), "a ZIP archive"),
        (b"MZ\x90\x00", "a program"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (picture("BMP"), "a Windows bitmap"),
        (picture("TIFF"), "a TIFF picture"),
        (b"only words", "a file of another kind"),
        (picture()[:200], "damaged or cut short"),
        (picture("JPEG")[:-300], "damaged or cut short"),
        (b"\x89PNG\r\n\x1a\n" + b"<script>", "not a picture"),
    ],
)
def test_anything_else_is_refused_by_what_it_is(content, said):
    with pytest.raises(Refused, match=said):
        written_anew(content)


def test_too_many_bytes_are_refused_unread():
    with pytest.raises(TooLarge, match=r"5\.0 MB"):
        written_anew(b"x" * (MOST_BYTES + 1))


@pytest.mark.parametrize("size", [(9_000, 9_000), (30_000, 1)])
def test_a_small_file_of_huge_size_is_refused_before_it_is_unpacked(size):
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    assert len(out.getvalue()) < 50_000
    with pytest.raises(TooLarge, match="pixels"):
        written_anew(out.getvalue())


SEEDS = [picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP")]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=12),
    st.integers(0, 3000),
)
def test_whatever_is_done_to_a_file_it_is_a_picture_or_refused(seed, changes, cut):
    content = bytearray(seed)
    for position, value in changes:
        content[position % len(content)] = value
    try:
        kept = written_anew(bytes(content[: len(content) - cut % len(content)]))
    except Refused as refusal:
        assert str(refusal)
    else:
        assert opened(kept).size == (kept.width, kept.height)

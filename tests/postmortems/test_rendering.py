"""Markdown becomes HTML in which nothing runs, loads or restyles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.rendering import to_html

DANGER = re.compile(
    r"<(?!/?(?:[a-z][a-z0-9]*)[\s/>])|<(script|style|img|iframe|svg|form|input)|javascript:|\son\w+=", re.I
)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[here](javascript:alert(1))",
        "[here](JaVaScRiPt:alert(1))",
        "[here](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="https://x" onclick="alert(1)">x</a>',
        "![](x onerror=alert(1))",
        '<img src="https://example.com/pixel.gif">',
        "<svg onload=alert(1)>",
        '<p style="position:fixed">x</p>',
        "<iframe src=//example.com></iframe>",
        "<https://x/\"onmouseover='alert(1)'>",
        "[x]: javascript:alert(1)\n\n[y][x]",
    ],
)
def test_what_could_run_load_or_restyle_is_taken_out(text):
    html = to_html(text)
    assert not DANGER.search(html.replace("&lt;", ""))
    assert 'href="javascript' not in html.lower()
    assert "style=" not in html


@given(st.text(alphabet="<>a\"'=/ ()[]!`*_-\n:javscriptonclk", max_size=60))
def test_whatever_is_written_no_handler_and_no_script_comes_out(text):
    html = to_html(text)
    tags = re.findall(r"<[^>]*>", html)
    assert not any(re.search(r"\son\w+\s*=|javascript:|<script", tag, re.I) for tag in tags)


def test_tables_code_and_tasks_are_drawn():
    html = to_html("| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx < 1\n```\n\n- [ ] open\n- [x] done")
    assert "<table>" in html and "<td>2</td>" in html
    assert "x &lt; 1" in html
    assert "☐ open" in html and "☑ done" in html


def test_headings_stand_below_those_of_the_page():
    assert to_html("# Title") == "<h3>Title</h3>"


def test_links_lead_out_without_telling_from_where():
    assert 'rel="noopener noreferrer nofollow"' in to_html("[x](https://example.com)")

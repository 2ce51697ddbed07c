"""Markdown becomes HTML in which nothing runs, loads or restyles, in time that grows with the text."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortems.text import markup
from postmortems.text.rendering import ATTRIBUTES, TAGS, to_html

SCHEMES = ("http://", "https://", "mailto:")
LONG = 100_000


class Reader(HTMLParser):
    """What a browser would make of it: tags with their attributes, and the text."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.said = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said.append(data)

    @property
    def text(self):
        return "".join(self.said)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def read(text, **options):
    """The rendered text, after it was seen that only what is allowed stands in it."""
    reader = Reader(to_html(text, **options))
    for tag, attributes in reader.tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        if tag == "img":
            assert attributes["src"].startswith("/images/")
        scheme = attributes.get("href", "").strip().lower().partition(":")
        assert (
            not scheme[1]
            or f"{scheme[0]}:{scheme[2][:2]}".startswith(SCHEMES)
            or scheme[0] == "mailto"
            or (set("/?#") & set(scheme[0]))
        )
    return reader


HOSTILE = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "[here](javascript:alert(1))",
    "[here](JaVaScRiPt:alert(1))",
    "[here](java\tscript:alert(1))",
    "[here](<java\nscript:alert(1)>)",
    "[here](&#106;avascript:alert(1))",
    "[here](&#x6A;avascript&colon;alert(1))",
    "[here](\x01javascript:alert(1))",
    "[here](vbscript:msgbox)",
    "[here](data:text/html;base64,PHNjcmlwdD4=)",
    "![here](data:image/svg+xml;base64,PHN2Zz4=)",
    "<javascript:alert(1)>",
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href="java&Tab;script:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="feed:javascript:alert(1)">x</a>',
    '<a href="https://x" onclick="alert(1)">x</a>',
    "![](x onerror=alert(1))",
    '![a" onerror="alert(1)](image:abcdefgh)',
    "![a](image:abcdefgh/../../admin)",
    "![a](image:javascript:alert(1))",
    '<img src="https://example.com/pixel.gif">',
    "<img src=/images/abcdefgh onerror=alert(1)>",
    "<IMG SRC=x>",
    "<svg onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    '<p style="position:fixed" class="banner" id="pm">x</p>',
    "<style>*{display:none}</style>",
    "<iframe src=//example.com></iframe>",
    "<form action=//example.com><input name=password><button>",
    "<object data=x></object><embed src=x><link rel=import href=x><base href=//example.com><meta http-equiv=refresh>",
    "<https://x/\"onmouseover='alert(1)'>",
    "[x]: javascript:alert(1)\n\n[y][x]",
    "```html\n<script>alert(1)</script>\n```",
    "`<img src=x onerror=alert(1)>`",
    '```"><script>alert(1)</script>\nx\n```',
    "| <script>a</script> |\n|---|\n| <img src=x onerror=a> |",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml <script>alert(1)</script> ?>",
    "<span role=alert aria-label='Sign in again:'>x</span>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "https://example.com/<script>",
    'https://example.com/"onmouseover="alert(1)',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_run_load_or_restyle_is_taken_out(text):
    read(text)
    read(f"- {text}\n\n> {text}\n\n**{text}**")


SIGNS = (
    "<",
    ">",
    '"',
    "'",
    "&",
    "[",
    "](",
    ")",
    "![",
    "`",
    "```\n",
    "\n",
    "\n\n",
    "    ",
    "- ",
    "> ",
    "*",
    "_",
    "|",
    "|-",
)
BEGUN = ("<a href=", "<b>", "</p>", "javascript:", "image:abcdefgh", "https://e.com", "onload=", "style=", "[ ] ")
PIECES = st.sampled_from([*HOSTILE, *SIGNS, *BEGUN])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join))
def test_whatever_is_written_only_what_is_allowed_comes_out(text):
    read(text)
    read(text, images=False, breaks=True)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["word", "[ ] ", "- ", "1. ", "> ", "\n", "\n\n", "  ", "https://e.com/x"])).map("".join)
)
def test_no_word_is_lost(text):
    assert read(text).text.count("word") == text.count("word")


def test_tables_code_and_strikethrough_are_drawn():
    html = to_html("| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx < 1\n```\n\n~~no~~")
    assert "<table>" in html and "<td>2</td>" in html
    assert "x &lt; 1" in html
    assert "<s>no</s>" in html


def test_tasks_have_boxes_that_are_read_aloud():
    found = read("- [ ] open\n- [x] done\n  - [X] within\n\n[ ] no task").of("span")
    assert [box["aria-label"] for box in found] == ["To do:", "Done:", "Done:"]
    assert {box["role"] for box in found} == {"img"}


def test_lists_nest_by_two_spaces_and_need_no_empty_line_before_them():
    assert "<ul>\n<li>a\n<ul>\n<li>b</li>" in to_html("Seen:\n- a\n  - b")


def test_headings_stand_below_those_of_the_page():
    assert to_html("# Title") == "<h3>Title</h3>\n"
    assert to_html("###### Least") == "<h6>Least</h6>\n"


def test_links_lead_out_without_telling_from_where():
    assert 'rel="noopener noreferrer nofollow"' in to_html("[x](https://example.com)")


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("See https://example.com/a, please.", ["https://example.com/a"]),
        ("(https://example.com/a_(b))", ["https://example.com/a_(b)"]),
        ("**https://example.com/a**", ["https://example.com/a"]),
        ("[words https://inner.example](https://outer.example)", ["https://outer.example"]),
        ("`https://example.com` and\n\n    https://example.com\n", []),
        ("https://a.example https://b.example?x=1&y=2", ["https://a.example", "https://b.example?x=1&y=2"]),
    ],
)
def test_bare_addresses_are_links_but_not_in_code(text, addresses):
    assert [link["href"] for link in read(text).of("a")] == addresses


def test_pictures_of_ours_are_drawn_and_others_are_links():
    reader = read("![CPU at 02:00](image:Ab_c-1234567) ![theirs](https://example.com/x.png)")
    assert reader.of("img") == [{"src": "/images/Ab_c-1234567", "alt": "CPU at 02:00", "loading": "lazy"}]
    assert [link["href"] for link in reader.of("a")] == ["https://example.com/x.png"]


def test_without_pictures_their_descriptions_stay():
    assert to_html("![CPU](image:Ab_c-1234567)", images=False) == "<p>[CPU]</p>\n"


def test_new_lines_break_where_asked_for():
    assert "<br>" in to_html("one\ntwo", breaks=True)
    assert "<br>" not in to_html("one\ntwo")


@pytest.mark.parametrize("sign", [">", "> ", "- ", "1. "])
def test_what_nests_too_deeply_is_plain_text_with_all_its_words(sign):
    html = to_html(f"{sign * 50}deep\n\n**after**")
    assert "deep" in html
    assert "**after**" in html


@pytest.mark.parametrize(
    "sign",
    [
        *(">", "> ", "[", "![", "[a](", "[x][", "*", "_", "`", "**a", "*_", "<", "<a ", "<div>", "<ul><li>", "<b><p>"),
        *("<!--", "<![CDATA[", "&", "&#", "\\", "[\\", "- ", "1. ", "|a", "~", "https://a.b/", "a@", "(", "\t", "#"),
    ],
)
def test_a_long_hostile_text_is_answered_soon(sign):
    began = time.process_time()
    to_html((sign * LONG)[:LONG] + str(began))
    assert time.process_time() - began < 2.5  # half a second on a quiet machine


def test_a_long_write_up_is_rendered_soon():
    part = "## A heading\n\nSome *words*, `code` and a [link](https://example.com).\n\n- one\n- two\n\n|a|b|\n|-|-|\n"
    began = time.process_time()
    html = to_html((part * 1000)[:100_000])
    assert time.process_time() - began < 2.5
    assert html.count("<h4>") > 500


def test_what_is_cleaned_is_what_the_parser_made():
    """Raw HTML goes through the parser, so that only the cleaning stands between it and the page."""
    assert "<script>" in markup.html("<script>")
    assert "<script>" not in to_html("<script>")

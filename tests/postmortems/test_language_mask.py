"""What is not the author's own prose is hidden before anything is looked for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.language import check
from postmortems.language.mask import mask

BLAMING = "Bo failed to check, and the engineer should have tested it"


@pytest.mark.parametrize(
    "template",
    [
        "`{}`",
        "``a ` b {}``",
        "```\n{}\n```",
        "~~~text\n{}\n\n{}\n~~~",
        "```\n{}",
        "- step\n  ```\n  {}\n  ```",
        "    {}",
        "Before.\n\n\t{}",
        "> {}",
        "> He said\nand went on: {}",
        'He said "{}".',
        "He said “{}”.",
        "He said ‘{}’.",
        "He said '{}'.",
        "[{}](https://example.org)",
        "![{}][image]",
        "<!-- {} -->",
        "<!--\n\n{}\n\n-->",
        '<abbr title="{}">x</abbr>',
        "<pre>\n{}\n\n{}\n</pre>",
        "He ran <code>{}</code> twice.",
        "<blockquote>\n{}\n</blockquote>",
        '<a href="/x">{} <code>x</code> {}</a>',
        "„{}“ stood in the mail.",
        "“{}\n\n“And {}”",
        '"{}\n\n"And {}"',
        "[12:03] bo: {}",
        "- 12:03 <bo> {}",
        "12:03:44 bo: {}",
        "Bo Larsen  12:03 PM\n{}",
        "2024-05-01T12:00:01Z ERROR {}",
        "ERROR: {}",
        "ts=2024-05-01 level=error msg={}",
        '{{"message": {}}}',
        "$ echo {}",
        "| Alert | Meaning |\n| --- | --- |\n| Down | {} |",
        "| Region | State |\n|:--|--:|\n| eu | {} |",
    ],
)
def test_what_others_or_machines_said_is_not_judged(template: str):
    assert check(template.format(BLAMING, BLAMING)) == []


@pytest.mark.parametrize(
    "template",
    [
        "## {}",
        "- {}",
        "1. [ ] {}",
        "**{}**",
        "12:03 {}",
        "- 12:03 UTC: {}",
        "```\ncode\n```\n{}",
        "> quoted\n\n{}",
        "It's the engineers' word: {}",
        "- item\n\n    {}",
        "| Time | Event |\n|---|---|\n| 12:03 | {} |",
        'The log said "no" and {}',
        "The tag <code> stood alone. {}",
        "<code>x</code> {} <code>y</code>",
    ],
)
def test_the_authors_own_words_are_judged_wherever_they_stand(template: str):
    assert {finding.text for finding in check(template.format(BLAMING))} == {"failed to check", "should have tested"}


@given(st.text(alphabet="ab`'\"“”‘’<>[]()|-#~* \n\t:.!12é🙃", max_size=200))
def test_masking_keeps_the_length_and_only_hides(text: str):
    masked = mask(text)

    assert len(masked) == len(text)
    assert all(after in (before, "\ufffc", "\u2029") for before, after in zip(text, masked, strict=True))


@given(st.text(alphabet=st.characters(exclude_characters="`\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=60))
def test_code_is_never_judged(code: str):
    assert check(f"The change was ` {BLAMING} {code} ` in full.") == []
    assert check(f"```\n{BLAMING} {code}\n```\n") == []


_SAID_BY_OTHERS = (
    "`{}`",
    "\n\n```\n{}\n```\n\n",
    "\n\n> {}\n\n",
    "“{}”",
    '"{}"',
    "[{}](https://example.org/a)",
    "<https://example.org/{}>",
    "\n\n| Alert | Meaning |\n| --- | --- |\n| Down | {} |\n\n",
    "\n\n[12:03] bo: {}\n\n",
    "\n\n2024-05-01T12:00:01Z ERROR {}\n\n",
)
_WRITTEN = st.lists(
    st.sampled_from(
        ["Bo restarted it. ", "The engineer forgot the flag. ", "- ", "\n\n", "\n", "The disk failed, and "]
    ),
    max_size=6,
).map("".join)
_QUOTED = st.lists(
    st.sampled_from(["Bo failed to check", "we should have tested", "human error", "obviously", "it was my fault"]),
    min_size=1,
    max_size=3,
).map(" and ".join)


@given(_WRITTEN, st.sampled_from(_SAID_BY_OTHERS), _QUOTED, _WRITTEN)
def test_no_finding_reaches_into_code_quotation_link_table_or_chat(before: str, form: str, quoted: str, after: str):
    said = form.format(quoted.replace(" ", "-") if form.startswith("<") else quoted)
    text = before + said + after
    hidden = range(len(before), len(before) + len(said))

    for finding in check(text):
        assert text[finding.start : finding.end] == finding.text
        assert not set(range(finding.start, finding.end)) & set(hidden), finding


@given(_WRITTEN, _WRITTEN)
def test_fencing_a_text_adds_no_finding(text: str, after: str):
    assert check(f"```\n{text}\n```\n\n{after}") == [
        replace(finding, start=finding.start + len(text) + 10, end=finding.end + len(text) + 10)
        for finding in check(after)
    ]

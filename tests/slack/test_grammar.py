"""What `/incident`, `/oncall` and `/deploy` understand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack.grammar import (
    SEVERITIES,
    SUBCOMMANDS,
    Command,
    Mistake,
    Person,
    parse_deploy,
    parse_incident,
    parse_oncall,
    plain,
)

ANA = Person("U0ANA", "ana")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Command("declare")),
        ("  checkout is returning 500s sev2", Command("declare", "checkout is returning 500s", "sev2")),
        ("SEV-1 checkout is down", Command("declare", "checkout is down", "sev1")),
        ("sev2", Command("declare", "", "sev2")),
        ("cart &lt;b&gt; &amp;amp; &lt;!channel&gt;", Command("declare", "cart <b> &amp; <!channel>")),
        (
            "<@U0ANA|ana> sees <https://a.example/x|a.example> fail",
            Command("declare", "ana sees a.example fail"),
        ),
        ("moved from sev2 to worse", Command("declare", "moved from sev2 to worse")),
        ("list", Command("list")),
        ("list mine", Command("list", target="mine")),
        ("list sev1", Command("list", severity="sev1")),
        ("status", Command("status")),
        ("Status Monitoring", Command("status", target="monitoring")),
        ("sev 1", Command("sev", severity="sev1")),
        ("sev sev2", Command("sev", severity="sev2")),
        ("sev", Command("sev")),
        ("role commander <@U0ANA|ana>", Command("role", target="commander", person=ANA)),
        ("role ops liaison me", Command("role", target="ops liaison", person=Person(None, "me"))),
        ("role scribe @bo", Command("role", target="scribe", person=Person(None, "bo"))),
        ("update we roll back, sev2 stays", Command("update", "we roll back, sev2 stays")),
        ("note list page looks fine", Command("note", "list page looks fine")),
        ("task drain eu-1 <@U0ANA|ana>", Command("task", "drain eu-1", person=ANA)),
        ("page checkout", Command("page", target="checkout")),
        ("page <@U0ANA|ana>", Command("page", person=ANA)),
        ("page", Command("page")),
        ("suspects", Command("suspects")),
        ("seen-before redis timeouts", Command("seen-before", "redis timeouts")),
        (
            "link <https://g.example/d?a=1&amp;b=2> dashboard",
            Command("link", "dashboard", target="https://g.example/d?a=1&b=2"),
        ),
        ("merge #42", Command("merge", target="42")),
        ("resolve rolled back", Command("resolve", "rolled back")),
        ("reopen", Command("reopen")),
        ("postmortem", Command("postmortem")),
        ("practice losing a zone sev1", Command("practice", "losing a zone", "sev1")),
        ("help", Command("help")),
    ],
)
def test_incident_understands(text: str, command: Command) -> None:
    assert parse_incident(text) == command


@pytest.mark.parametrize(
    "title",
    [
        "status page is down",
        "list page shows nothing",
        "page load is slow",
        "merge queue is stuck",
        "suspects panel is empty",
        "link checker fails",
        "help desk cannot sign in",
        "postmortem export fails",
        "role based access refuses everybody",
        "listing fails",
    ],
)
def test_a_title_may_begin_with_a_sub_commands_word(title: str) -> None:
    assert parse_incident(f"{title} sev2") == Command("declare", title, "sev2")


def test_quotes_make_anything_a_title() -> None:
    assert parse_incident('"status" sev1') == Command("declare", "status", "sev1")
    assert parse_incident("“note taking fails”") == Command("declare", "note taking fails")
    assert parse_incident('"sev9 mail loops"') == Command("declare", "sev9 mail loops")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("checkout is down sev9", "sev9 is not a severity: sev1, sev2, sev3 or sev4."),
        ("sev 9", "sev9 is not a severity"),
        ("sev high", "high is not a severity"),
        ("status montoring", "montoring is not a status: investigating"),
        ("merge forty", "forty is not an incident's number"),
        ("sev1 all is lost sev3", "Two severities, sev1 and sev3"),
        ("list sev0", "sev0 is not a severity"),
    ],
)
def test_a_mistake_says_what_was_wrong_and_declares_nothing(text: str, words: str) -> None:
    answer = parse_incident(text)
    assert isinstance(answer, Mistake)
    assert words in answer.message


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Command("now")),
        ("checkout", Command("now", target="checkout")),
        ("mine", Command("mine")),
        ("page checkout", Command("page", target="checkout")),
        ("override <@U0ANA|ana>", Command("override", person=ANA)),
        ("swap friday night <@U0ANA|ana>", Command("swap", "friday night", person=ANA)),
        ("help", Command("help")),
    ],
)
def test_oncall_understands(text: str, command: Command) -> None:
    assert parse_oncall(text) == command


def test_oncall_asks_again_when_it_does_not_understand() -> None:
    assert isinstance(parse_oncall("who is it"), Mistake)
    assert isinstance(parse_oncall("page all of them"), Mistake)


def test_deploy_asks_the_ledger_and_the_gate() -> None:
    assert parse_deploy("status checkout") == Command("status", target="checkout")
    assert parse_deploy("check checkout 1f2e3d") == Command("check", "1f2e3d", target="checkout")
    assert parse_deploy("") == Command("help")
    assert isinstance(parse_deploy("now please"), Mistake)


@given(st.text(max_size=200))
def test_every_text_is_a_command_or_a_mistake(text: str) -> None:
    for parse in (parse_incident, parse_oncall, parse_deploy):
        answer = parse(text)
        assert isinstance(answer, Command | Mistake)
        if isinstance(answer, Command):
            assert answer.severity is None or answer.severity in SEVERITIES


WORDS = st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), min_size=1, max_size=8)


@given(WORDS, st.sampled_from(SEVERITIES))
def test_a_title_keeps_its_words_and_its_severity(words: list[str], level: str) -> None:
    if words[0] in SUBCOMMANDS:
        words = ["the", *words]
    assert parse_incident(f"{' '.join(words)} {level}") == Command("declare", " ".join(words), level)


@given(st.text(alphabet="<>&;ltgamp!@#ab ", max_size=60))
def test_what_slack_escaped_reads_as_it_was_typed(typed: str) -> None:
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain(escaped) == " ".join(typed.split())

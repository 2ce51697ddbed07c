"""Answers to the speaker alone: help, done, and errors."""

from .text import FALLBACK, Message, button, clip, context, link, section

INCIDENT_HELP = (
    ("/incident", "open the form"),
    ("/incident checkout is down sev2", "declare in one go"),
    ("/incident list", "what is open"),
    ("/incident status monitoring", "say where it stands"),
    ("/incident sev 1", "change the severity"),
    ("/incident role commander @ana", "give a role"),
    ("/incident update …", "tell those who wait"),
    ("/incident note …", "write on the timeline"),
    ("/incident task … @bo", "give somebody something to do"),
    ("/incident page checkout", "call Dev and Ops of a service"),
    ("/incident suspects", "changes that may have caused it"),
    ("/incident seen-before …", "similar incidents and known errors"),
    ("/incident link https://…", "keep a link"),
    ("/incident merge 42", "this one is the same as 42"),
    ("/incident resolve", "it is over"),
    ("/incident reopen", "it is not"),
    ("/incident postmortem", "open the post-mortem"),
    ("/incident practice …", "declare for practice"),
)
ONCALL_HELP = (
    ("/oncall", "who is on, now and next"),
    ("/oncall checkout", "for one service or team"),
    ("/oncall page checkout", "call them"),
    ("/oncall mine", "my shifts"),
)
DEPLOY_HELP = (("/deploy status checkout", "what the ledger knows of a service"),)


def help_text(*, url: str) -> Message:
    """Every command with what it does."""
    lines = [f"`{command}` {words}" for command, words in (*INCIDENT_HELP, *ONCALL_HELP, *DEPLOY_HELP)]
    note = (
        "Where several incidents are open, write which: `/incident note #42 …`. "
        'Quotes make a title: `/incident "list page is down"`'
    )
    return "Andon's commands", [section("\n".join(lines)), context(note), context(link(url, "Open Andon"))]


def done(words: str, *, url: str = "") -> Message:
    """One line, with a link where there is somewhere to look."""
    text = clip(words.strip() or "Done.", FALLBACK)
    return text, [section(text), *([context(link(url, "Open"))] if url else [])]


def error_answer(message: str, *, retry: str = "") -> Message:
    """What was wrong and what to do; with `retry` (a callback's value) a button that tries again."""
    text = clip(message.strip() or "That did not work.", FALLBACK - 10)
    again = {"accessory": button("Try again", "answer.retry", retry)} if retry else {}
    return text, [section(f"⚠️ {text}", **again)]

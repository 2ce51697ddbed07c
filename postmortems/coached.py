"""What the coach says of a whole post-mortem: for the facilitator, before it is reviewed. Never by author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from postmortems import language
from postmortems.language import ADVICE, Category, Finding
from postmortems.models import Action, Dismissal, Postmortem, Section
from postmortems.text import margin


@dataclass(frozen=True)
class CoachedSection:
    """A section with the notes that stand in its margin, and those that were set aside while their words are there."""

    section: Section
    notes: list[margin.Note]
    aside: list[Dismissal]


@dataclass(frozen=True)
class CoachedAction:
    """An action whose title asks people to try harder, or judges them."""

    action: Action
    notes: list[margin.Note]


@dataclass(frozen=True)
class Question:
    """What to ask instead of one habit of wording, and how often that habit stands in the text."""

    category: Category
    count: int

    @property
    def ask(self) -> str:
        return ADVICE[self.category].ask


@dataclass(frozen=True)
class Summary:
    """Sections and actions that the coach has something to say of, in the order of the page."""

    sections: list[CoachedSection]
    actions: list[CoachedAction]

    @property
    def questions(self) -> list[Question]:
        """One for each habit of wording, the most frequent first."""
        counted = Counter(finding.category for finding in self.findings())
        return [Question(category, count) for category, count in counted.most_common()]

    @property
    def total(self) -> int:
        return sum(1 for _ in self.findings())

    @property
    def set_aside(self) -> int:
        return sum(len(one.aside) for one in self.sections)

    def findings(self) -> Iterator[Finding]:
        """Those of the sections, then those of the actions."""
        notes = [one.notes for one in self.sections] + [one.notes for one in self.actions]
        return (note.finding for note in chain.from_iterable(notes))


def summary(postmortem: Postmortem) -> Summary:
    """Everything that the coach says of the text as it is saved, and of the titles of its actions."""
    return summary_of(postmortem.sections.prefetch_related("dismissals"), postmortem.actions.all())


def summary_of(sections: Iterable[Section], actions: Iterable[Action]) -> Summary:
    """The same of these, where they are read already; sections with what was set aside in them."""
    coached = [_coached_section(section) for section in sections]
    titles = [CoachedAction(action, title_notes(action)) for action in actions]
    return Summary([one for one in coached if one.notes or one.aside], [one for one in titles if one.notes])


def title_notes(action: Action) -> list[margin.Note]:
    """The coach's notes on the wording of an action; their ids are unique in a list of actions."""
    return margin.notes(action.title, language.check(action.title, "action"), name=f"action-{action.number}")


def kind_of(section: Section) -> language.Kind:
    """Actions are worded otherwise than a story."""
    return "action" if section.key == "actions" else "prose"


def standing(findings: Iterable[Finding], dismissals: Iterable[Dismissal]) -> list[Finding]:
    """The findings without those that were set aside."""
    aside = {(one.category, one.text) for one in dismissals}
    return [finding for finding in findings if (finding.category.value, finding.text) not in aside]


def _coached_section(section: Section) -> CoachedSection:
    findings = language.check(section.body, kind_of(section))
    found = {(finding.category.value, finding.text) for finding in findings}
    dismissals = sorted(section.dismissals.all(), key=lambda one: one.at)
    return CoachedSection(
        section,
        margin.notes(section.body, standing(findings, dismissals), name=section.key),
        [one for one in dismissals if (one.category, one.text) in found],
    )

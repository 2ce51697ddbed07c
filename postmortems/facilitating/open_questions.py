"""What a post-mortem still leaves open, read from the database for its agenda (facilitating/agenda.py)."""

from __future__ import annotations

from django.utils import timezone

from postmortems import coached
from postmortems.facilitating.agenda import Gaps, Moment, Point, Text, Thread, agenda
from postmortems.models import Comment, Postmortem, Section


def agenda_of(postmortem: Postmortem) -> list[Point]:
    """The agenda as things stand now: the same number of queries however much is written."""
    sections = list(Section.objects.filter(postmortem=postmortem))
    return agenda(
        Gaps(
            texts=[Text(one.key, one.title, tuple(one.questions), one.body) for one in sections],
            threads=_threads(postmortem),
            moments=_moments(postmortem),
            factors=list(
                postmortem.findings.filter(kind="contributing", note="").values_list("factor__name", flat=True)
            ),
            notes=coached.summary(postmortem).total,
        )
    )


def _threads(postmortem: Postmortem) -> list[Thread]:
    open_ = Comment.objects.filter(section__postmortem=postmortem, thread=None, resolved_at=None, withdrawn_at=None)
    return [
        Thread(one.section.key, one.section.title, f"“{one.quote}”" if one.quote else one.body)
        for one in open_.select_related("section")
    ]


def _moments(postmortem: Postmortem) -> list[Moment]:
    told = postmortem.curated.filter(how_it_looked="").select_related("entry")
    return [
        Moment(one.entry_id, f"{timezone.localtime(one.entry.at):%H:%M}", one.entry.text, one.key_moment)
        for one in told
    ]

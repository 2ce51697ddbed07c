"""What people say of suspected changes."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from changes.models import Change
from incidents import timeline
from incidents.context import rank_of
from incidents.models import Incident, Verdict
from incidents.services.common import choice, locked
from incidents.words import name_of_change
from oncall.models import Person
from oncall.permissions import require_responder


@transaction.atomic
def judge(*, incident: Incident, change: Change, verdict: str, by: Person | None) -> Verdict:
    """Keep whether a change had a part (`confirmed`) or not (`rejected`), with the rank it had when first judged.

    Any change may be judged, also one that was not suspected: its rank is 0, and the ranking is found wanting.
    """
    require_responder(by)
    verdict = choice("verdict", verdict, Verdict.Answer.values)
    incident = locked(incident)
    earlier = Verdict.objects.filter(incident=incident, change=change).first()
    if earlier and earlier.verdict == verdict:
        return earlier
    judged = earlier or Verdict(incident=incident, change=change, rank=rank_of(incident, change))
    judged.verdict, judged.by, judged.at = verdict, by, timezone.now()
    judged.save()
    timeline.add(
        incident=incident,
        kind="change",
        text=f"{name_of_change(change)} {judged.get_verdict_display()}",
        actor=by,
        data={"change": change.pk, "verdict": verdict},
    )
    return judged

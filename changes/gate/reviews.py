"""Emergency changes are reviewed within 24 hours; who forgets is told."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from changes.gate.telling import tell_author, tell_team
from changes.gate.words import about
from changes.models import GateCheck, GateVerdict
from oncall.querysets import VisibleToMembers

AT_ONCE = 50
CONCERNED = ("service__dev_team__lead", "service__ops_team__lead", "author", "asked_by")


def unreviewed() -> VisibleToMembers:
    """Emergency changes that passed, whatever was decided since, and that nobody has reviewed yet, the one due first at
    the top."""
    reviewed = GateVerdict.objects.filter(check_asked=OuterRef("pk"), kind=GateVerdict.Kind.REVIEWED)
    passed = GateCheck.objects.filter(review_due_at__isnull=False)
    return passed.exclude(Exists(reviewed)).order_by("review_due_at", "pk")


def remind_due() -> int:
    """Tell the author and both teams, once, of each review that is overdue; returns of how many."""
    told = 0
    late = unreviewed().filter(review_due_at__lte=timezone.now(), review_told_at=None)
    for pk in late.values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            free = late.filter(pk=pk).select_for_update(of=("self",), skip_locked=True)
            check = free.select_related(*CONCERNED).first()
            if check:
                _tell(check)
                told += 1
    return told


def _tell(check: GateCheck) -> None:
    check.review_told_at = timezone.now()
    check.save(update_fields=["review_told_at"])
    subject = f"Emergency change not reviewed: {about(check)}"
    text = "It passed as an emergency and was to be reviewed within 24 hours. Somebody else than its author reviews it."
    tell_author(check, key=f"gate-review:{check.pk}", subject=subject, text=text)
    for team in (check.service.dev_team, check.service.ops_team) if check.service else ():
        if team:
            path = check.get_absolute_url()
            tell_team(team, key=f"gate-review:{check.pk}", subject=subject, text=text, path=path)

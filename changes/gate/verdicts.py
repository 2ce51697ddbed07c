"""What people say of a check. Each is kept for ever, and the check is decided anew."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from changes.gate import keeping
from changes.gate.facts import SIDES, Someone
from changes.gate.people import standing
from changes.gate.sides import NAMES
from changes.models import GateCheck, GateVerdict
from notifications import live, outbox
from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder

LONGEST = 2_000
HELD_UP = ("freeze", "incident")  # rules that hold every change up, whoever made it
OVERRIDDEN_WITHIN = timedelta(hours=24)  # an older question is asked anew

Kind = GateVerdict.Kind
Decision = GateCheck.Decision


@transaction.atomic
def authorise(*, check: GateCheck, by: Person, why: str = "") -> GateCheck:
    """Let it pass, for the side or team that is awaited. Raises Forbidden, Conflict where nothing awaits."""
    require_responder(by)
    why = _words(why, required=False)
    check = _awaiting(check)
    someone = _someone(check, by)
    side = _require_awaited(check, someone)
    return _say(check, Kind.AUTHORISED, by, why, side)


@transaction.atomic
def refuse(*, check: GateCheck, by: Person, why: str) -> GateCheck:
    """Say no, and why. Whoever may authorise may refuse, and so may the author. Raises as `authorise`."""
    require_responder(by)
    why = _words(why)
    check = _awaiting(check)
    side = "" if _is_own(check, by) else _require_awaited(check, _someone(check, by))
    return _say(check, Kind.REFUSED, by, why, side)


@transaction.atomic
def override(*, check: GateCheck, by: Person, why: str) -> GateCheck:
    """Let it pass although the rules do not; the record says who did and why, and that it was one.

    Past a freeze or an open incident any responder may, since at night there may be nobody else; past what guards
    security or awaits people, or what they refused, the other side and administrators. The author may where they are
    an administrator.
    Raises Forbidden, InvalidInput without a reason, Conflict where it may pass anyway.
    """
    require_responder(by)
    why = _words(why)
    check = _up_to_date(check)
    if check.decision == Decision.INVALID:
        raise Conflict("It could not be understood: mend the question and ask again.")
    if check.decision == Decision.ALLOWED and check.holds:
        raise Conflict("It may pass already; nothing needs to be overridden.")
    if not _may_let_through(check, by):
        raise Forbidden("This takes an administrator, or somebody of the other side, who did not make the change.")
    if timezone.now() - check.asked_at > OVERRIDDEN_WITHIN:
        raise Conflict("This was asked more than a day ago; ask again, and override that.")
    side = next((side for side in SIDES if side in _someone(check, by).sides), "")
    return _say(check, Kind.OVERRIDDEN, by, why, side)


@transaction.atomic
def review(*, check: GateCheck, by: Person, why: str) -> GateCheck:
    """Say what an emergency change was, afterwards, and whether all is well. Somebody else than its author does.

    Raises Forbidden, InvalidInput without words, Conflict where no review is due.
    """
    require_responder(by)
    why = _words(why)
    check = keeping.locked(check)
    if check.review_due_at is None:
        raise Conflict("It was no emergency change: there is nothing to review.")
    if check.verdicts.filter(kind=Kind.REVIEWED).exists():
        raise Conflict("It is reviewed already.")
    if _is_own(check, by):
        raise Forbidden("It is your own change: somebody else reviews it.")
    GateVerdict.objects.create(check_asked=check, kind=Kind.REVIEWED, by=by, by_name=str(by)[:200], why=why)
    outbox.emit("gate.reviewed", {"check": check.pk})
    live.publish(keeping.LIVE)
    return check


def may_authorise(check: GateCheck, person: Person) -> bool:
    """Whether this person is one of those who are awaited; for pages, which ask before they offer it."""
    if check.decision_now != Decision.AWAITING or not person.is_responder:
        return False
    return not _is_own(check, person) and bool(_awaited(check, _someone(check, person)))


def may_override(check: GateCheck, person: Person) -> bool:
    """Whether this person may let it through against the rules; for pages, which ask before they offer it."""
    late = timezone.now() - check.asked_at > OVERRIDDEN_WITHIN
    stopped = check.decision_now in (Decision.AWAITING, Decision.PREVENTED)
    return stopped and not late and person.is_responder and _may_let_through(check, person)


def _may_let_through(check: GateCheck, person: Person) -> bool:
    if person.is_administrator:
        return True
    rules = {reason["rule"] for reason in check.reasons}
    held_up_alone = check.rule in HELD_UP and "guard" not in rules
    return not _is_own(check, person) and (held_up_alone or _is_opposite(check, person))


def _is_opposite(check: GateCheck, person: Person) -> bool:
    """Whether somebody stands for the side that did not make the change, or for a team that is awaited."""
    known = standing([person, check.author], check.service)
    made = known[check.author_id].sides if check.author_id else frozenset({"dev"})
    others = set(SIDES) - made or set(SIDES)
    return bool(others & known[person.pk].sides or _awaited(check, known[person.pk]))


def _awaiting(check: GateCheck) -> GateCheck:
    """The check, held and decided by what is true now. Raises Conflict where it awaits nobody any more."""
    check = keeping.locked(check)
    if check.decision != Decision.AWAITING:
        raise Conflict(
            f"This does not await authorisation: it is {check.get_decision_display()}.", decision=check.decision
        )
    if not check.holds:
        raise Conflict("Nobody authorised it in time; it is to be asked again.", decision="prevented")
    return check


def _up_to_date(check: GateCheck) -> GateCheck:
    """The check, held, and decided by what is true now as far as it still waits or holds."""
    check = keeping.locked(check)
    if check.decision == Decision.AWAITING or check.holds:
        check = keeping.renew(check)
    return check


def _require_awaited(check: GateCheck, someone: Someone) -> str:
    if _is_own(check, someone):
        raise Forbidden("You made or asked for this change: somebody else of the other side authorises it.")
    if side := _awaited(check, someone):
        return side
    names = " or ".join(one["name"] for one in check.awaits)
    raise Forbidden(f"This takes an authorisation by {names}, for whom you do not stand.")


def _is_own(check: GateCheck, someone: Someone | Person) -> bool:
    """Whether they made the change, or asked for it, whomever they named as its author."""
    return (someone.id if isinstance(someone, Someone) else someone.pk) in (check.author_id, check.asked_by_id)


def _awaited(check: GateCheck, someone: Someone) -> str:
    """For which side or team, of those awaited, they may speak; "" for none."""
    for one in check.awaits:
        if one["side"] in someone.sides:
            return NAMES[one["side"]]
        if not one["side"] and one["team"] in someone.teams:
            return str(one["name"])
    return ""


def _someone(check: GateCheck, person: Person) -> Someone:
    return standing([person], check.service)[person.pk]


def _say(check: GateCheck, kind: Kind, by: Person, why: str, side: str) -> GateCheck:
    GateVerdict.objects.create(check_asked=check, kind=kind, by=by, by_name=str(by)[:200], why=why, side=side[:20])
    return keeping.renew(check)


def _words(why: str, *, required: bool = True) -> str:
    found = (why or "").strip()
    if required and not found:
        raise InvalidInput(why="Say why, in a few words: it stays on record.")
    if len(found) > LONGEST or "\x00" in found:
        raise InvalidInput(why=f"These are {len(found)} characters; use {LONGEST} at most, and none that is invisible.")
    return found

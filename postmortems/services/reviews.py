"""Reviewers of both sides, and what they sign."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.models import Postmortem, Review
from postmortems.services.common import choice, locked, must_see, tell
from postmortems.sight import who_see


@transaction.atomic
def ask_reviewer(*, postmortem: Postmortem, person: Person, side: str, by: Person | None) -> Review:
    """Ask somebody of a side (dev or ops) to read and sign off; the message goes out once it is in review.

    Raises `InvalidInput` where they belong to no team of that side or may not see it, `Conflict` once published.
    """
    require_responder(by)
    postmortem = locked(postmortem)
    if postmortem.status == Postmortem.Status.PUBLISHED:
        raise Conflict(f"Post-mortem {postmortem.number} is published: there is nothing to review.")
    side = choice("side", side, Review.Side.values)
    _must_fit(postmortem, person, side)
    review, new = Review.objects.get_or_create(postmortem=postmortem, person=person, defaults={"side": side})
    if not new and review.side != side:
        raise Conflict(f"{person} reviews for {review.get_side_display()} already: remove them there first.")
    if new and postmortem.status == Postmortem.Status.IN_REVIEW:
        tell(postmortem, "postmortem.review_requested")
    tell(postmortem)
    return review


@transaction.atomic
def ask_instead(*, review: Review, person: Person, by: Person | None) -> Review:
    """Ask somebody else of that side in place of one who did not sign, and may have left.

    Raises `Conflict` where the first has signed off: that counts, also after they have gone.
    """
    require_responder(by)
    postmortem = locked(review.postmortem)
    review = Review.objects.select_related("person").get(pk=review.pk)
    if review.signed_off_at:
        raise Conflict(f"{review.person} has signed off, which counts: ask {person} as well, if you like.")
    asked = ask_reviewer(postmortem=postmortem, person=person, side=review.side, by=by)
    if asked.pk != review.pk:
        review.delete()
    return asked


@transaction.atomic
def remove_reviewer(*, review: Review, by: Person | None) -> Postmortem:
    """Ask them no more. Raises `Conflict` where a publication rests on their sign-off."""
    require_responder(by)
    postmortem = locked(review.postmortem)
    if postmortem.status == Postmortem.Status.PUBLISHED:
        raise Conflict(f"Post-mortem {postmortem.number} is published with this sign-off: reopen it first.")
    review.delete()
    tell(postmortem)
    return postmortem


@transaction.atomic
def sign_off(*, postmortem: Postmortem, by: Person, side: str = "", note: str = "") -> Review:
    """A reviewer's word that their side stands behind the text as it is now.

    `side`, where given, has to be the one they were asked for. Raises `Forbidden` for those who were not asked,
    `Conflict` while it is not in review.
    """
    require_responder(by)
    postmortem = locked(postmortem)
    review = Review.objects.filter(postmortem=postmortem, person=by).first()
    if review is None:
        raise Forbidden("You were not asked to review this post-mortem: have yourself added as a reviewer.")
    if side and side != review.side:
        raise InvalidInput(side=f"You review for {review.get_side_display()}, not for {side!r}.")
    if postmortem.status != Postmortem.Status.IN_REVIEW:
        raise Conflict(f"Post-mortem {postmortem.number} is {postmortem.get_status_display()}, not in review.")
    if objection := misfit(postmortem, by, review.side):
        raise Conflict(f"{objection} Have somebody else asked who is.")
    review.signed_off_at = review.signed_last_at = timezone.now()
    review.note = note.strip()
    review.save(update_fields=["signed_off_at", "signed_last_at", "note"])
    tell(postmortem)
    return review


def withdraw_sign_offs(postmortem: Postmortem) -> tuple[Person, ...]:
    """Ask those again who signed another text than this; returns them. Runs in the transaction of the change."""
    signed = Review.objects.filter(postmortem=postmortem, signed_off_at__isnull=False).select_related("person")
    people = tuple(review.person for review in signed)
    if people:
        signed.update(signed_off_at=None, asked_at=timezone.now())
        tell(postmortem, "postmortem.review_requested", changed=True)
    return people


def misfit(postmortem: Postmortem, person: Person, side: str) -> str:
    """Why this person's word does not stand for the side, in a sentence; empty where it does. It changes with time."""
    if not person.is_active:
        return f"{person} is no longer active."
    if not person.is_responder:
        return f"{person} is a viewer now, and viewers do not sign off."
    if not person.teams.filter(discipline=side).exists():
        return f"{person} is in no {Review.Side(side).label} team."
    if not Postmortem.objects.visible_to(person).filter(pk=postmortem.pk).exists():
        return f"{person} takes no part in what it is about, which is private, and may not see it."
    return ""


def able_to_sign(postmortem: Postmortem, side: str) -> QuerySet[Person]:
    """Everybody whose word would stand for this side now."""
    able = Q(role__in=(Person.Role.RESPONDER, Person.Role.ADMINISTRATOR)) | Q(is_superuser=True)
    return who_see(Person.objects.filter(able, teams__discipline=side), postmortem).distinct()


def _must_fit(postmortem: Postmortem, person: Person, side: str) -> None:
    if not person.is_active or not person.is_responder:
        raise InvalidInput(person=f"{person} may not sign off: choose an active responder.")
    if not person.teams.filter(discipline=side).exists():
        name = Review.Side(side).label
        raise InvalidInput(person=f"{person} is in no {name} team: choose somebody who is, or ask for the other side.")
    must_see("person", person, postmortem.incidents.all())

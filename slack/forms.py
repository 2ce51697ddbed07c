"""Forms in Slack: opened by a command or a shortcut, and what they do when they are sent."""

from __future__ import annotations

from incidents import services
from incidents.models import Incident
from notifications.errors import InvalidInput
from oncall.models import Service
from slack import grammar, payloads
from slack.asking import Ask, open_form
from slack.blocks import Message, declaration
from slack.payloads import Chosen, Submitted


def open_declaration(ask: Ask) -> None:
    """Open the form that declares; from a message, with its words as the title."""
    title = grammar.plain(ask.told.text) if isinstance(ask.told, Chosen) else ""
    offered = [(service.name, service.slug) for service in Service.objects.order_by("tier", "name")[:100]]
    view = declaration(
        services=offered,
        title=title,
        severity=ask.command.severity or "sev3",
        private_metadata=payloads.metadata(ask.told),
    )
    open_form(ask, view)


def declare(ask: Ask) -> Message:
    """The form that declares was sent."""
    from slack.commands.incident import declared

    form = ask.told
    if not isinstance(form, Submitted):
        raise TypeError(f"{type(form).__name__} is no form")
    private = "private" in form.chosen("private")
    by = ask.speaker if private else ask.person  # nobody could see what somebody unknown made private
    incident, _ = services.declare(
        title=form.text("title"),
        severity=form.text("severity") or "sev3",
        services=_chosen(form.chosen("services")),
        summary=form.text("summary"),
        private=private,
        dedup_key=f"slack:{ask.key}"[:200],
        source=Incident.Source.SLACK,
        by=by,
        by_name="" if by else form.user_name[:100] or form.user_id,
    )
    return declared(incident)


def _chosen(slugs: list[str]) -> list[Service]:
    found = list(Service.objects.filter(slug__in=slugs))
    if missing := sorted(set(slugs) - {service.slug for service in found}):
        raise InvalidInput(services=f"There is no service {', '.join(missing)} any more: choose again.")
    return found

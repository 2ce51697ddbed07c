"""E-mail, by Django's backend as `EMAIL_URL` sets it."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channels.base import Channel, ChannelError

TIMEOUT = 15.0  # for each of its waits: mail servers make strangers wait on purpose


def body_of(message: dict[str, Any]) -> str:
    """What it is about, the facts, and where to go: each link with what it does."""
    facts = [f"{label}: {fact}" for label, fact in message.get("facts", [])]
    actions = message.get("actions", [])
    main = next((action["label"] for action in actions if action.get("style") == "primary"), "")
    links = [f"{main}: {url}" if main else url for url in [message.get("url")] if url]
    links += [f"{action['label']}: {action['url']}" for action in actions if action.get("url")]
    return "\n\n".join(filter(None, [message.get("text", ""), "\n".join(facts), "\n".join(links)]))


class Email(Channel):
    """A `calendar` in the message ({"method", "text"}: RFC 6047) goes with it, for programs that keep calendars."""

    def send(self, address: str, message: dict[str, Any], *, key: str) -> dict[str, Any]:
        subject = " ".join(message["subject"].split())
        mail = EmailMultiAlternatives(subject, body_of(message), to=[address], headers={"X-Andon-Delivery": key})
        if calendar := message.get("calendar"):
            mail.attach_alternative(calendar["text"], f"text/calendar; method={calendar['method']}")
        mail.connection = get_connection(timeout=TIMEOUT)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            raise ChannelError(f"refused {address}: {error}", permanent=min(codes) >= 500) from error
        except smtplib.SMTPResponseException as error:
            permanent = 500 <= error.smtp_code < 600 and error.smtp_code not in (530, 535)
            raise ChannelError(f"mail server: {error}", permanent=permanent) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(f"mail server cannot be reached: {error}", permanent=False) from error
        return {"to": address}

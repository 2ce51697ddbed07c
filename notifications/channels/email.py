"""E-mail, by Django's backend as `EMAIL_URL` sets it."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channels.base import TIMEOUT, Channel, ChannelError


class Email(Channel):
    def send(self, address: str, message: dict[str, Any], *, key: str) -> dict[str, Any]:
        body = "\n\n".join(part for part in (message.get("text"), message.get("url")) if part)
        subject = " ".join(message["subject"].split())
        mail = EmailMultiAlternatives(subject, body, to=[address], headers={"X-Andon-Delivery": key})
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

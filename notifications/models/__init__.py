"""Tables of the lowest room: events going out, messages coming in, and what is sent to people and to programs."""

from notifications.models.delivery import ContactMethod, Delivery
from notifications.models.inbox import InboundMessage, Integration, IntegrationSecret, Rejection
from notifications.models.outbox import Event, Reaction
from notifications.models.upkeep import Counter, IdempotentAnswer, SignOfLife
from notifications.models.webhooks import Webhook, WebhookMessage

__all__ = [
    "ContactMethod",
    "Counter",
    "Delivery",
    "Event",
    "IdempotentAnswer",
    "InboundMessage",
    "Integration",
    "IntegrationSecret",
    "Reaction",
    "Rejection",
    "SignOfLife",
    "Webhook",
    "WebhookMessage",
]

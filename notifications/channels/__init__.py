"""The ways out of the house, by the kind of contact method they serve."""

from notifications.channels.apprise import Apprise
from notifications.channels.base import Channel, ChannelError
from notifications.channels.email import Email
from notifications.channels.slack import Slack
from notifications.channels.webhook import Webhook

CHANNELS: dict[str, type[Channel]] = {"slack": Slack, "email": Email, "webhook": Webhook, "apprise": Apprise}

__all__ = ["CHANNELS", "Channel", "ChannelError"]

"""`manage.py slack_manifest`: what to paste at api.slack.com/apps, From a manifest."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from slack.manifest import manifest


class Command(BaseCommand):
    help = "Print the manifest of the Slack app for this Andon's base URL (ANDON_BASE_URL), as JSON."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        self.stdout.write(json.dumps(manifest(settings.ANDON_BASE_URL), indent=2))

"""`panel-templates/`: panels that every service has. Everybody reads them, administrators write them."""

from __future__ import annotations

from rest_framework import serializers

from oncall.api.base import CatalogueView
from oncall.api.fields import Choice
from oncall.models import Panel
from oncall.permissions import require_administrator
from telemetry.models import PanelTemplate
from telemetry.panel_templates import delete_panel_template, save_panel_template


class PanelTemplateSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(help_text="A service's own panel of this name takes its place.")
    source = Choice(choices=Panel.Source.choices, required=False)  # type: ignore[assignment]  # a field called so
    query = serializers.CharField(
        help_text="PromQL, or LogQL for Loki; `{service}` and `{environment}` stand for the service's own."
    )
    unit = serializers.CharField(required=False, allow_blank=True)
    position = serializers.IntegerField(required=False, help_text="The smallest is drawn first.")


class PanelTemplateView(CatalogueView):
    queryset = PanelTemplate.objects.all()
    serializer_class = PanelTemplateSerializer
    lookup_field = "pk"
    lookup_value_regex = "[0-9]{1,18}"
    noun = "template"
    writer = staticmethod(require_administrator)
    save = staticmethod(save_panel_template)
    remove = staticmethod(delete_panel_template)

"""`teams/`: people with one discipline."""

from __future__ import annotations

from rest_framework import serializers

from oncall import services
from oncall.api.base import CatalogueView
from oncall.api.fields import Choice, NameOf, NamesOf
from oncall.models import Team
from oncall.models.people import Discipline
from oncall.permissions import require_administrator


class TeamSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    discipline = Choice(choices=Discipline.choices)
    lead = NameOf("email", help_text="E-mail address of whoever leads the team.")
    channel = serializers.CharField(
        required=False, allow_blank=True, help_text="The Slack channel that hears each morning who is on call: #shop."
    )
    members = NamesOf("email", help_text="E-mail addresses.")


class TeamView(CatalogueView):
    queryset = Team.objects.select_related("lead").prefetch_related("members")
    serializer_class = TeamSerializer
    filterset_fields = ["discipline"]
    noun = "team"
    writer = staticmethod(require_administrator)
    save = staticmethod(services.save_team)
    remove = staticmethod(services.delete_team)

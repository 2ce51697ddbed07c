"""What the API tells of the coach and a whole post-mortem."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from postmortems.api.records import FindingSerializer
from postmortems.coached import CoachedAction, CoachedSection, Summary
from postmortems.text.margin import Note


class SetAsideSerializer(serializers.Serializer):
    category = serializers.CharField()
    text = serializers.CharField()
    reason = serializers.CharField()


class CoachedSectionSerializer(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    findings = FindingSerializer(many=True)
    set_aside = SetAsideSerializer(many=True, help_text="Notes that were set aside and whose words still stand.")


class CoachedActionSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    findings = FindingSerializer(many=True)


class CoachQuestionSerializer(serializers.Serializer):
    category = serializers.CharField()
    ask = serializers.CharField()
    count = serializers.IntegerField(help_text="How many passages it is about.")


class SummarySerializer(serializers.Serializer):
    """What the coach says by section, and of actions; what was set aside, with the reason and never by whom."""

    total = serializers.IntegerField()
    questions = CoachQuestionSerializer(many=True, help_text="The most frequent first.")
    sections = CoachedSectionSerializer(many=True)
    actions = CoachedActionSerializer(many=True)


def told(summary: Summary) -> dict[str, Any]:
    """The summary as `SummarySerializer` shows it."""
    return {
        "total": summary.total,
        "questions": [{"category": q.category.value, "ask": q.ask, "count": q.count} for q in summary.questions],
        "sections": [_section(one) for one in summary.sections],
        "actions": [_action(one) for one in summary.actions],
    }


def _section(one: CoachedSection) -> dict[str, Any]:
    aside = [{"category": each.category, "text": each.text, "reason": each.reason} for each in one.aside]
    return {"key": one.section.key, "title": one.section.title, "findings": _findings(one.notes), "set_aside": aside}


def _action(one: CoachedAction) -> dict[str, Any]:
    return {"number": one.action.number, "title": one.action.title, "findings": _findings(one.notes)}


def _findings(notes: list[Note]) -> list[dict[str, int | str]]:
    return [note.finding.to_dict() for note in notes]

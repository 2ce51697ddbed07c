"""The shape of `export?format=json`: all that the API says of a post-mortem, and all that a document shows beside."""

from __future__ import annotations

from rest_framework import serializers

from postmortems.api.serializers import PostmortemDetailSerializer


class ExportedMomentSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField(help_text="When it was written down.")
    kind = serializers.CharField()
    phase = serializers.CharField()
    text = serializers.CharField()
    key_moment = serializers.BooleanField()
    how_it_looked = serializers.CharField()


class ActionItemSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.CharField()
    owner = serializers.EmailField(allow_null=True)
    team = serializers.CharField(allow_null=True)
    due_on = serializers.DateField()
    state = serializers.CharField()
    url = serializers.CharField()


class PictureSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="As the text has it: ![…](image:NAME).")
    content_type = serializers.CharField()
    content = serializers.CharField(help_text="Base64.")


class PostmortemExportSerializer(PostmortemDetailSerializer):
    id = serializers.CharField(help_text="Its address: what an import knows it again by.")
    started_at = serializers.DateTimeField(allow_null=True, help_text="Of the first incident to begin.")
    detected_at = serializers.DateTimeField(allow_null=True)
    mitigated_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True, help_text="Of the last incident to end.")
    severity = serializers.CharField(allow_null=True, help_text="The gravest.")
    services = serializers.ListField(child=serializers.CharField())
    keywords = serializers.ListField(child=serializers.CharField())
    source_url = serializers.CharField()
    body = serializers.CharField(help_text="All of it as Markdown.")
    timeline = ExportedMomentSerializer(many=True)
    action_items = ActionItemSerializer(many=True)
    images = PictureSerializer(many=True)
    made_by = serializers.CharField()
    made_at = serializers.DateTimeField()

    class Meta(PostmortemDetailSerializer.Meta):
        fields = list(
            dict.fromkeys(
                [
                    *PostmortemDetailSerializer.Meta.fields,
                    *("id", "started_at", "detected_at", "mitigated_at", "resolved_at", "severity", "services"),
                    *("keywords", "source_url", "body", "timeline", "action_items", "images", "made_by", "made_at"),
                ]
            )
        )

"""Comments on the sections of a post-mortem: threads, replies, changing and taking back one's own, settling."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.serializers import Answer, IncidentPersonSerializer
from notifications.errors import InvalidInput
from oncall.requests import read
from postmortems.api.fields import Body
from postmortems.api.views.base import PartView
from postmortems.models import Comment, Postmortem, Section
from postmortems.services import comments as services
from postmortems.text.threads import Thread, discussions


class CommentSerializer(Answer):
    by = IncidentPersonSerializer()
    withdrawn = serializers.SerializerMethodField(help_text="Taken back by who wrote it: it has no words any more.")

    class Meta:
        model = Comment
        fields = ["id", "body", "by", "at", "edited_at", "withdrawn"]

    def get_withdrawn(self, comment: Comment) -> bool:
        return comment.withdrawn_at is not None


class ThreadSerializer(serializers.Serializer):
    """A thread: its first comment, and the replies."""

    id = serializers.IntegerField(source="first.pk", help_text="Of the first comment.")
    section = serializers.CharField(source="first.section.key")
    quote = serializers.CharField(source="first.quote")
    quote_stands = serializers.BooleanField(source="stands", help_text="Whether these words are in the text now.")
    resolved_at = serializers.DateTimeField(source="first.resolved_at", allow_null=True)
    resolved_by = IncidentPersonSerializer(source="first.resolved_by", allow_null=True)
    comments = serializers.SerializerMethodField()

    @extend_schema_field(CommentSerializer(many=True))
    def get_comments(self, thread: Thread) -> Any:
        return CommentSerializer(thread.comments, many=True, context=self.context).data


class SayCommentSerializer(serializers.Serializer):
    section = serializers.SlugField(required=False, help_text="The key of the section, to begin a thread.")
    thread = serializers.IntegerField(required=False, min_value=1, help_text="The id of the thread, to reply in it.")
    body = Body(max_length=services.LONGEST, help_text="Markdown.")
    quote = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=services.LONGEST_QUOTE,
        help_text="The words it is about.",
    )


class EditCommentSerializer(serializers.Serializer):
    body = Body(required=False, max_length=services.LONGEST)
    resolved = serializers.BooleanField(required=False, help_text="Settles the thread of this comment, or reopens it.")


class _Threads(PartView):
    serializer_class = ThreadSerializer

    def thread_of(self, postmortem: Postmortem, comment: Comment) -> Thread:
        """The thread as it is now; 404 where all of it was taken back."""
        key, first = comment.section.key, comment.thread_id or comment.pk
        found = discussions(postmortem, comment.section)[key]
        for thread in (*found.open, *found.resolved):
            if thread.first.pk == first:
                return thread
        raise Http404("All of this thread was taken back.")

    def comment(self, postmortem: Postmortem, pk: int) -> Comment:
        comments = Comment.objects.select_related("section__postmortem", "thread")
        return get_object_or_404(comments, section__postmortem=postmortem, pk=pk)


class CommentsView(_Threads):
    @extend_schema(
        parameters=[
            OpenApiParameter("section", OpenApiTypes.STR, description="Only of the section with this key."),
            OpenApiParameter("open", OpenApiTypes.BOOL, description="Only those that are not resolved."),
        ],
        responses=ThreadSerializer(many=True),
    )
    def get(self, request: Request, number: int) -> Response:
        found = discussions(self.whole(Postmortem, number))
        key, only_open = request.query_params.get("section"), request.query_params.get("open", "").lower()
        if key is not None and key not in found:
            raise InvalidInput(section=f"{key!r} is no section of this post-mortem: it has {', '.join(found)}.")
        chosen = [found[key]] if key is not None else found.values()
        threads = [
            thread for one in chosen for thread in [*one.open, *([] if only_open in ("true", "1") else one.resolved)]
        ]
        return self.answers(threads)

    @extend_schema(
        request=SayCommentSerializer,
        responses={201: ThreadSerializer},
        description="Begins a thread on a `section`, or replies in a `thread`, which reopens it. Answers the thread.",
    )
    def post(self, request: Request, number: int) -> Response:
        postmortem, told = self.whole(Postmortem, number), read(SayCommentSerializer, request)
        if ("section" in told) == ("thread" in told):
            raise InvalidInput(section="Give `section` to begin a thread, or `thread` to reply in one: one of the two.")
        if "thread" in told:
            thread = self.comment(postmortem, told["thread"])
            said = services.reply(thread=thread, body=told["body"], by=self.asker)
        else:
            section = self._section(postmortem, told["section"])
            said = services.comment(section=section, body=told["body"], quote=told["quote"], by=self.asker)
        return self.answer(self.thread_of(postmortem, said), 201)

    def _section(self, postmortem: Postmortem, key: str) -> Section:
        found = {section.key: section for section in postmortem.sections.all()}
        if key not in found:
            raise InvalidInput(section=f"{key!r} is no section of this post-mortem: it has {', '.join(found)}.")
        return found[key]


class CommentView(_Threads):
    @extend_schema(request=EditCommentSerializer)
    @transaction.atomic
    def patch(self, request: Request, number: int, pk: int) -> Response:
        postmortem, told = self.whole(Postmortem, number), read(EditCommentSerializer, request)
        comment = self.comment(postmortem, pk)
        if "body" in told:
            services.edit_comment(comment=comment, body=told["body"], by=self.asker)
        if "resolved" in told:
            settle = services.resolve_thread if told["resolved"] else services.reopen_thread
            settle(thread=comment, by=self.asker)
        return self.answer(self.thread_of(postmortem, comment))

    @extend_schema(responses={204: None}, description="Takes back what the asker wrote; its words are gone.")
    def delete(self, request: Request, number: int, pk: int) -> Response:
        services.withdraw_comment(comment=self.comment(self.whole(Postmortem, number), pk), by=self.asker)
        return Response(status=204)

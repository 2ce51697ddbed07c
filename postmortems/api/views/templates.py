"""Templates and the taxonomy of factors. Everybody reads them; administrators change them."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.serializers import Answer
from incidents.models.incident import Severity
from oncall.requests import read
from postmortems.api.serializers import TemplateSectionSerializer
from postmortems.api.views.base import PartView
from postmortems.canonical import Part
from postmortems.models import Factor, Template
from postmortems.services import taxonomy
from postmortems.services import templates as services

RETIRED = OpenApiParameter("retired", OpenApiTypes.BOOL, description="Also those that are offered no more.")


class TemplateDetailSerializer(Answer):
    sections = TemplateSectionSerializer(many=True)
    required_for: Any = serializers.SlugRelatedField("severity", many=True, read_only=True, help_text="Severities.")

    class Meta:
        model = Template
        fields = ["slug", "name", "description", "sections", "required_for", "retired_at"]


class FactorDetailSerializer(Answer):
    class Meta:
        model = Factor
        fields = ["key", "name", "description", "retired_at"]


class PartSerializer(serializers.Serializer):
    key = serializers.CharField(max_length=60, help_text="A canonical key, so that trends survive; or one of your own.")
    title = serializers.CharField(max_length=100)
    questions = serializers.ListField(child=serializers.CharField(), required=False, default=list)


class EditTemplateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=100, required=False)
    description = serializers.CharField(max_length=500, required=False, allow_blank=True)
    sections = PartSerializer(many=True, required=False)
    required_for = serializers.ListField(child=serializers.ChoiceField(Severity.choices), required=False)
    retired = serializers.BooleanField(required=False, help_text="false offers it again.")


class NewTemplateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=100)
    description = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    sections = PartSerializer(many=True)
    required_for = serializers.ListField(child=serializers.ChoiceField(Severity.choices), required=False)


class EditFactorOfTaxonomySerializer(serializers.Serializer):
    name = serializers.CharField(max_length=60, required=False)
    description = serializers.CharField(max_length=500, required=False, allow_blank=True)
    retired = serializers.BooleanField(required=False, help_text="false offers it again.")


class NewFactorSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=60)
    description = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


def _offered(request: Request, rows: Any) -> Any:
    every = request.query_params.get("retired", "").lower() in ("true", "1")
    return rows if every else rows.filter(retired_at=None)


def _parts(told: list[dict[str, Any]]) -> list[Part]:
    return [Part(one["key"], one["title"].strip(), tuple(one["questions"])) for one in told]


class TemplatesView(PartView):
    serializer_class = TemplateDetailSerializer
    queryset = Template.objects.prefetch_related("sections", "required_for")

    @extend_schema(parameters=[RETIRED], responses=TemplateDetailSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.answers(_offered(request, self.get_queryset()))

    @extend_schema(request=NewTemplateSerializer, responses={201: TemplateDetailSerializer})
    def post(self, request: Request) -> Response:
        told = read(NewTemplateSerializer, request)
        severities = told.pop("required_for", None)
        told["sections"] = _parts(told["sections"])
        made = services.save_template(**told, by=self.asker)
        if severities is not None:
            services.require_for(template=made, severities=severities, by=self.asker)
        return self.answer(self.get_queryset().get(pk=made.pk), 201)


class TemplateView(PartView):
    serializer_class = TemplateDetailSerializer
    queryset = Template.objects.prefetch_related("sections", "required_for")

    def get(self, request: Request, slug: str) -> Response:
        return self.answer(get_object_or_404(self.get_queryset(), slug=slug))

    @extend_schema(request=EditTemplateSerializer, description="`sections` replaces them all; order is as given.")
    def patch(self, request: Request, slug: str) -> Response:
        template, told = get_object_or_404(self.get_queryset(), slug=slug), read(EditTemplateSerializer, request)
        services.edit_template(
            template=template,
            name=told.get("name"),
            description=told.get("description"),
            sections=_parts(told["sections"]) if "sections" in told else None,
            required_for=told.get("required_for"),
            retired=told.get("retired"),
            by=self.asker,
        )
        return self.answer(self.get_queryset().get(pk=template.pk))

    @extend_schema(responses={204: None}, description="Retires it: post-mortems written with it keep it.")
    def delete(self, request: Request, slug: str) -> Response:
        services.retire_template(template=get_object_or_404(Template, slug=slug), by=self.asker)
        return Response(status=204)


class ResetTemplateView(PartView):
    serializer_class = TemplateDetailSerializer
    queryset = Template.objects.prefetch_related("sections", "required_for")

    @extend_schema(request=None, description="Gives a built-in template its own wording back.")
    def post(self, request: Request, slug: str) -> Response:
        template = services.reset_template(template=get_object_or_404(Template, slug=slug), by=self.asker)
        return self.answer(self.get_queryset().get(pk=template.pk))


class TaxonomyView(PartView):
    serializer_class = FactorDetailSerializer
    queryset = Factor.objects.all()

    @extend_schema(parameters=[RETIRED], responses=FactorDetailSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.answers(_offered(request, self.get_queryset()))

    @extend_schema(request=NewFactorSerializer, responses={201: FactorDetailSerializer})
    def post(self, request: Request) -> Response:
        return self.answer(taxonomy.save_factor(**read(NewFactorSerializer, request), by=self.asker), 201)


class FactorOfTaxonomyView(PartView):
    serializer_class = FactorDetailSerializer

    def get(self, request: Request, key: str) -> Response:
        return self.answer(get_object_or_404(Factor, key=key))

    @extend_schema(request=EditFactorOfTaxonomySerializer)
    def patch(self, request: Request, key: str) -> Response:
        factor, told = get_object_or_404(Factor, key=key), read(EditFactorOfTaxonomySerializer, request)
        named = {name: told.get(name, getattr(factor, name)) for name in ("name", "description")}
        factor = taxonomy.save_factor(factor=factor, **named, by=self.asker)
        if "retired" in told:
            settle = taxonomy.retire_factor if told["retired"] else taxonomy.restore_factor
            factor = settle(factor=factor, by=self.asker)
        return self.answer(factor)

    @extend_schema(responses={204: None}, description="Retires it: findings keep it, and its key is not used again.")
    def delete(self, request: Request, key: str) -> Response:
        taxonomy.retire_factor(factor=get_object_or_404(Factor, key=key), by=self.asker)
        return Response(status=204)

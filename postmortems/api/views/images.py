"""Pictures of a post-mortem: the list, adding one in multipart/form-data, reading and removing one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.serializers import Answer, IncidentPersonSerializer
from notifications.errors import InvalidInput
from notifications.links import absolute
from oncall.requests import read
from postmortems.api.views.base import PartView
from postmortems.models import Image, Postmortem
from postmortems.services import images
from postmortems.text import pictures
from postmortems.views.images import shown

MOST_BODY = pictures.MOST_BYTES + 100_000


class TooLarge(APIException):
    """Of more bytes or pixels than are taken."""

    status_code = 413

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.errors = {"file": [detail]}


class ImageSerializer(Answer):
    by = IncidentPersonSerializer(allow_null=True)
    url = serializers.SerializerMethodField(help_text="For those who are signed in in a browser.")
    markdown = serializers.SerializerMethodField(help_text="What shows it in a section.")

    class Meta:
        model = Image
        fields = ["name", "content_type", "width", "height", "by", "at", "url", "markdown"]

    def get_url(self, image: Image) -> str:
        return absolute(f"/images/{image.name}")

    def get_markdown(self, image: Image) -> str:
        return images.markdown(image, self.context.get("alt") or "what it shows")


class AddImageSerializer(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True, help_text=f"{pictures.KINDS}, 5 MB at most.")
    alt = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=200, help_text="What it shows."
    )


class ImagesView(PartView):
    serializer_class = ImageSerializer
    parser_classes = [MultiPartParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BODY:
            self.perform_authentication(request)
            raise TooLarge(pictures.too_many_bytes(int(request.META["CONTENT_LENGTH"])))
        super().initial(request, *args, **kwargs)

    @extend_schema(responses=ImageSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        return self.answers(self.whole(Postmortem, number).images.defer("content").select_related("by"))

    @extend_schema(
        request={"multipart/form-data": AddImageSerializer},
        responses={201: ImageSerializer},
        description="The same picture again is the one that is there. Only its pixels are kept. 413 for too large.",
    )
    def post(self, request: Request, number: int) -> Response:
        postmortem, told = self.whole(Postmortem, number), read(AddImageSerializer, request)
        try:
            added = images.add_image(postmortem=postmortem, content=told["file"].read(), by=self.asker)
        except pictures.TooLarge as refusal:
            raise TooLarge(str(refusal)) from refusal
        except pictures.Refused as refusal:
            raise InvalidInput(file=str(refusal)) from refusal
        return self.answer(added, 201, alt=told["alt"])


class ImageView(PartView):
    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY, (200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, number: int, name: str) -> HttpResponse:
        return shown(self._image(number, name))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int, name: str) -> Response:
        images.remove_image(image=self._image(number, name), by=self.asker)
        return Response(status=204)

    def _image(self, number: int, name: str) -> Image:
        return get_object_or_404(Image, postmortem=self.whole(Postmortem, number), name=name)

"""What the coach says of a whole post-mortem."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import coached
from postmortems.api.language import SummarySerializer, told
from postmortems.api.views.base import PartView
from postmortems.models import Postmortem


class SummaryView(PartView):
    serializer_class = SummarySerializer

    def get(self, request: Request, number: int) -> Response:
        return self.answer(told(coached.summary(self.whole(Postmortem, number))))

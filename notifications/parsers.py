"""Bodies of API requests, read as strictly as what senders send."""

from __future__ import annotations

import re
from typing import IO, Any

from rest_framework.parsers import JSONParser

from notifications.errors import InvalidInput
from notifications.payloads import MalformedPayload, read_json


class StrictJSONParser(JSONParser):
    """JSON that can be stored: UTF-8, not too deep, no NaN. Raises InvalidInput for what is not."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return read_json(stream.read(), replace=False)
        except MalformedPayload as error:
            field = re.split(r"[.[]", error.field)[0]  # the sentence has the whole path
            raise InvalidInput({field: [str(error)]}) from error

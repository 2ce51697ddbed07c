"""Lists come in pages: those of the API as `results`, `next`, `previous`, and `count`."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500


class LongList(Paginator):
    """Pages of a list that may have millions of rows: only the first `most` are counted, and leafed through."""

    most = 10_000

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.most].count()  # type: ignore[attr-defined]

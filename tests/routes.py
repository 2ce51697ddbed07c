"""Every address of Andon, from the URL resolver: so that no test of all of them can forget one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\(\?P<(?P<name>\w+)>[^)]*\)")


@dataclass(frozen=True)
class Route:
    """One pattern: its name with its namespace, and its address with `{parameters}`."""

    name: str
    template: str

    @property
    def is_api(self) -> bool:
        return self.template.startswith("/api/")

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.template)

    def address(self, values: Mapping[str, object]) -> str:
        return re.sub(r"{(\w+)}", lambda match: str(values[match[1]]), self.template)


def routes(wanted: Callable[[Route], bool] = lambda route: True) -> list[Route]:
    return [route for route in _walk(get_resolver(), "/", "") if wanted(route)]


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        address = prefix + _template(entry)
        if isinstance(entry, URLPattern):
            yield Route(f"{namespace}{entry.name or address}", address)
        else:
            inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, address, inside)


def _template(entry: URLPattern | URLResolver) -> str:
    text = str(entry.pattern)
    if isinstance(entry.pattern, RoutePattern):
        return PARAMETER.sub(r"{\g<name>}", text)
    return GROUP.sub(r"{\g<name>}", text).strip("^$").replace("/?", "/").replace("\\.", ".")

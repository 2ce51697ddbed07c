"""Where an answer may be sent to. The address comes from outside: it is compared, never trusted. No Django here."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_SHAPE = re.compile(
    r"/repos/(?P<repository>[\w.-]+/[\w.-]+)/actions/runs/\d{1,20}/deployment_protection_rule", re.ASCII
)
_PORTS = {"https": 443, "http": 80}


def refusal(callback: str, *, api: str, repository: str) -> str:
    """Why nothing is sent to this address, in words; "" where it is GitHub's own for a run of this repository.

    `api` is the address of GitHub's API (GITHUB_API_URL): scheme, host, port and path before `/repos/` are the same.
    """
    try:
        asked, ours = urlsplit(callback), urlsplit(api)
        origins = [(url.scheme, url.hostname, url.port or _PORTS.get(url.scheme)) for url in (asked, ours)]
    except ValueError:
        return f"The callback “{callback[:100]}” is no address."
    if origins[0] != origins[1] or asked.username is not None or asked.password is not None:
        return f"The callback is at {asked.scheme}://{asked.netloc[-100:]}, not at {ours.scheme}://{ours.netloc}."
    before = ours.path.rstrip("/")
    shape = _SHAPE.fullmatch(asked.path.removeprefix(before)) if asked.path.startswith(f"{before}/") else None
    if shape is None or asked.query or asked.fragment or "/../" in f"{asked.path}/" or "/./" in f"{asked.path}/":
        return f"The callback {asked.path[:100]} is not that of a deployment protection rule."
    if shape["repository"].casefold() != repository.casefold():
        return f"The callback is of {shape['repository']}, but the deployment of {repository or 'no repository'}."
    return ""


def run_page(callback: str, *, api: str) -> str:
    """The page of the workflow run that a callback is of, as people open it."""
    asked, ours = urlsplit(callback), urlsplit(api)
    path = (
        asked.path.removeprefix(ours.path.rstrip("/"))
        .removeprefix("/repos")
        .removesuffix("/deployment_protection_rule")
    )
    host = "github.com" if asked.netloc == "api.github.com" else asked.netloc
    return f"{asked.scheme}://{host}{path}"

"""Whatever the Apprise library reaches: telephone, SMS, push and chat services. `address` is an Apprise URL.

The library is large, so it is loaded when it is first used: no command and no page waits for it at its start.
It tells what became of a message by words in its log alone; the status of the answer is read from them. Its log goes
nowhere else, because it may name what is secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, Any

from django.conf import settings

from notifications.addresses import is_public, resolve
from notifications.channels.apprise_schemes import host_named, scheme_of
from notifications.channels.base import TIMEOUT, Channel, ChannelError
from notifications.channels.email import body_of

if TYPE_CHECKING:
    from apprise import NotifyBase

_CONNECT, _READ = 3.0, 4.5  # seconds; together within TIMEOUT
_PAUSE = 30.0  # seconds after a 429: Apprise does not tell how long it was asked to wait
_TEMPORARY = {408, 425, 429}
_LONG = re.compile(r"([\w-]{2})[\w-]{16,}([\w-]{2})")  # where nobody writes a key, it may stand all the same
_BARE = ("json", "xml", "form")  # the path of their URLs is not masked by Apprise, and is often the secret


def read(url: str) -> NotifyBase:
    """The Apprise service that this URL means. Raises ValueError with words for people, that give nothing away."""
    scheme = scheme_of(url)
    from apprise import Apprise as Library
    from apprise import AppriseAsset
    from apprise.manager_plugins import NotificationManager

    asset = AppriseAsset(
        app_id="Andon", image_url_mask="", image_url_logo="", async_mode=False, http_redirects=False, service_timeout=0
    )
    service = Library.instantiate(url.strip(), asset=asset)
    if service is None:
        kind = NotificationManager()[scheme]
        example = kind.templates[0].replace("{schema}", scheme)
        raise ValueError(f"“{scheme}://…” is not a whole URL for {kind.service_name}; write it as {example}.")
    service.socket_connect_timeout, service.socket_read_timeout = _CONNECT, _READ
    service.redirects, service.optional, service.request_rate_per_sec = False, False, 0
    return service


def shown(url: str) -> str:
    """The URL with what is secret in it left out. Raises ValueError."""
    service = read(url)
    masked = str(service.url(privacy=True)).partition("?")[0]
    scheme, _, rest = masked.partition("://")
    if scheme.startswith(_BARE):
        rest = f"{rest.partition('/')[0].rpartition('@')[2]}/…"
    rest = _LONG.sub(r"\1…\2", rest)
    return f"{scheme}://{rest}"[:500]


class Apprise(Channel):
    def send(self, address: str, message: dict[str, Any], *, key: str) -> dict[str, Any]:
        try:
            service = read(address)
        except ValueError as error:
            raise ChannelError(str(error), permanent=True) from error
        _refuse_private(service)
        within(TIMEOUT, lambda: _notify(service, message), str(service.service_name))
        return {"service": str(service.service_name)}


def within(seconds: float, send: Callable[[], None], name: str) -> None:
    """Carry out `send`, and wait for it no longer than this. Raises what it raises, or ChannelError.

    Services that sign in first or send to several make several requests, each with its own limits, so the whole needs
    one too. A thread of its own, which may outlive the wait, keeps one that hangs from holding up any other.
    """
    outcome: Future[None] = Future()

    def run() -> None:
        try:
            send()
            outcome.set_result(None)
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            outcome.set_exception(error)

    Thread(target=run, name="apprise", daemon=True).start()
    try:
        outcome.result(seconds)
    except TimeoutError as error:
        raise ChannelError(f"{name} did not answer within {seconds:g} s", permanent=False) from error


def _notify(service: NotifyBase, message: dict[str, Any]) -> None:
    """Raises ChannelError where the service did not take it."""
    from apprise import Apprise as Library
    from apprise import NotifyFormat, NotifyType

    main = [action for action in message.get("actions", []) if action.get("style") == "primary"]
    result = Library(service, asset=service.asset).notify(
        title=" ".join(message["subject"].split()),
        body=body_of({"text": message.get("text", ""), "url": message.get("url", ""), "actions": main}),
        body_format=NotifyFormat.TEXT,
        notify_type=NotifyType.FAILURE if message.get("kind") == "page" else NotifyType.WARNING,
    )
    if not result:
        said = [entry.message for one in result.results for entry in one.logs()]
        raise refusal(str(service.service_name), said)


def refusal(name: str, said: Iterable[str]) -> ChannelError:
    """What Apprise's log says of a failure, as an error without its words, which may hold what is secret."""
    codes = {int(code) for line in said for code in re.findall(r"error=([45]\d\d)\b", line)}
    if not codes:
        return ChannelError(f"{name} could not be reached, or did not take the message", permanent=False)
    if 429 in codes:
        return ChannelError(f"{name} asks to wait", permanent=False, retry_after=_PAUSE)
    permanent = all(code < 500 and code not in _TEMPORARY for code in codes)
    return ChannelError(f"{name} answered {', '.join(str(code) for code in sorted(codes))}", permanent=permanent)


def _refuse_private(service: NotifyBase) -> None:
    """A name is looked up here and again by Apprise, so this keeps out mistakes rather than a hostile name server."""
    host = host_named(service.schema, vars(service))
    if settings.ANDON_ALLOW_PRIVATE_TARGETS or not host:
        return
    try:
        private = [one for one in resolve(host, service.port or 443) if not is_public(one)]
    except OSError as error:
        raise ChannelError(f"the name {host} has no address ({error})", permanent=False) from error
    if private:
        words = f"{host} is {private[0]}, which is not a public address; allow private addresses first"
        raise ChannelError(words, permanent=True)

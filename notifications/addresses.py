"""Which network addresses an outgoing request may reach: only those of the public Internet, checked first."""

import ipaddress
import socket
from collections.abc import Callable, Sequence

import httpx

from .deadlines import head_in_time

Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port -> addresses in the order to try them; raises OSError where the name has none."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotPublic(httpx.TransportError):
    """The host has an address inside a private network."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of `host` as the system's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether `address` is a global unicast one, also where IPv6 carries an IPv4 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.teredo or ip.is_site_local:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class CheckedTransport(httpx.BaseTransport):
    """Resolves the host, refuses it if any of its addresses is not allowed, connects to one that was checked.

    TLS still names and verifies the host (`sni_hostname`). Connections are not kept, because a kept one is
    known by its address alone and could serve another host of the same address.
    """

    def __init__(self, *, allow_private: bool, resolver: Resolver) -> None:
        self._allow_private, self._resolver = allow_private, resolver
        self._inner = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in ("http", "https") or not url.host:
            raise httpx.UnsupportedProtocol("it needs http:// or https:// and a host")
        failure: httpx.ConnectError | httpx.ConnectTimeout | None = None
        for address in self._checked(url):
            request.url = url.copy_with(host=address)
            request.extensions = {**request.extensions, "sni_hostname": url.raw_host.decode("ascii")}
            try:
                with head_in_time(request):
                    return self._inner.handle_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
            finally:
                request.url = url
        raise failure or httpx.ConnectError("the name has no address")

    def _checked(self, url: httpx.URL) -> list[str]:
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = list(self._resolver(url.raw_host.decode("ascii"), port))
        except OSError as error:
            raise httpx.ConnectError(f"the name {url.host} has no address ({error})") from error
        refused = [] if self._allow_private else [one for one in addresses if not is_public(one)]
        if refused:
            message = f"{url.host} is {refused[0]}, which is not a public address; allow private addresses first"
            raise NotPublic(message)
        return addresses

    def close(self) -> None:
        self._inner.close()

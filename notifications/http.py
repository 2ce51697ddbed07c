"""The one way out: a small HTTP client for answers of modest size from addresses we did not choose.

It keeps a limit on time and size, follows redirects on the same host only, and refuses private, loopback and
link-local addresses unless told otherwise. A name is resolved once, all its addresses are checked, and the
connection goes to a checked address, so a name that changes its mind meanwhile (DNS rebinding) gains nothing.
Proxy settings of the environment are ignored, because a proxy would resolve the name again.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self
from urllib.parse import urlsplit

import httpx

from .addresses import CheckedTransport, NotPublic, Resolver, resolve

MAX_REDIRECTS = 3
_TEMPORARY = {
    408,
    425,
    429,
}  # of the 4xx, those that ask to come again; 5xx are temporary but for 501 and 505


@dataclass(frozen=True)
class Response:
    """An answer read to its end; its status is below 400."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpError(Exception):
    """No useful answer. The message names the host alone, because paths of webhooks are often secret.

    `permanent`: asking again would not help; `retry_after`: seconds the other side asked us to wait;
    `status` and `body` are the answer's, None and empty where there was none.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool,
        retry_after: float | None = None,
        status: int | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(message)
        self.permanent, self.retry_after, self.status, self.body = permanent, retry_after, status, body


class Client:
    """Sends requests; may be shared between threads.

    `timeout`, in seconds, bounds each wait and the reading of a whole answer; `max_bytes` bounds its body.
    """

    def __init__(
        self,
        *,
        timeout: float = 10.0,
        max_bytes: int = 5_000_000,
        allow_private: bool = False,
        resolver: Resolver = resolve,
    ) -> None:
        self.timeout, self.max_bytes = timeout, max_bytes
        self._http = httpx.Client(
            transport=CheckedTransport(allow_private=allow_private, resolver=resolver),
            headers={"User-Agent": "Andon", "Accept-Encoding": "identity"},  # what is limited is what is read
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),  # nothing is remembered
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release what the client holds."""
        self._http.close()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Response:
        """GET; raises `HttpError` for every answer of 400 and above, and where there is none."""
        return self.request("GET", url, params=params, headers=headers, timeout=timeout)

    def post(
        self,
        url: str,
        *,
        content: bytes | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Response:
        """POST raw bytes, a JSON value or a form; errors as with `get`."""
        return self.request("POST", url, content=content, json=json, form=form, headers=headers, timeout=timeout)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Response:
        """Send one request and read its answer whole; raises nothing but `HttpError`."""
        seconds = timeout or self.timeout
        deadline = time.monotonic() + seconds
        with _explained(url, seconds):
            request = self._http.build_request(
                method,
                url,
                params=params,
                content=content,
                json=json,
                data=form,
                headers=headers,
                timeout=seconds,
            )
            return self._follow(request, deadline)

    def deliver(self, url: str, *, content: bytes, headers: Mapping[str, str], timeout: float) -> Response:
        """POST bytes and look only at the beginning of the answer, `max_bytes` of it, whatever its status is.

        No redirect is followed. Raises `HttpError` where there is no answer.
        """
        deadline = time.monotonic() + timeout
        with _explained(url, timeout):
            request = self._http.build_request("POST", url, content=content, headers=headers, timeout=timeout)
            response = self._http.send(request, stream=True)
            try:
                return Response(response.status_code, response.headers, self._beginning(response, deadline))
            finally:
                response.close()

    def _beginning(self, response: httpx.Response, deadline: float) -> bytes:
        read = b""
        try:
            for chunk in response.iter_raw():
                read += chunk
                if len(read) >= self.max_bytes or time.monotonic() > deadline:
                    break
        except httpx.HTTPError:
            return read[: self.max_bytes]  # the status has come, and says it all
        return read[: self.max_bytes]

    def _follow(self, request: httpx.Request, deadline: float) -> Response:
        for _ in range(MAX_REDIRECTS + 1):
            response = self._http.send(request, stream=True)
            try:
                if response.next_request is None:
                    return self._read(response, deadline)
                request = _same_host(response, response.next_request)
            finally:
                response.close()
        raise HttpError(f"{request.url.host} redirects more than {MAX_REDIRECTS} times", permanent=True)

    def _read(self, response: httpx.Response, deadline: float) -> Response:
        body = b"".join(self._chunks(response, deadline))
        if response.status_code >= 300:
            raise _refusal(response, body)
        return Response(response.status_code, response.headers, body)

    def _chunks(self, response: httpx.Response, deadline: float) -> list[bytes]:
        where, size, chunks = response.request.url.host, 0, []
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise HttpError(f"{where} compresses its answer though asked not to", permanent=True)
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > self.max_bytes:
                raise HttpError(f"{where} answers with more than {self.max_bytes} bytes", permanent=True)
            if time.monotonic() > deadline:
                raise HttpError(f"{where} did not finish its answer in time", permanent=False)
            chunks.append(chunk)
        return chunks


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from `now` (aware) that a Retry-After header asks for, in digits or as a date (RFC 9110)."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None  # a header nobody can read asks for nothing
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


@contextmanager
def _explained(url: str, seconds: float) -> Iterator[None]:
    """Turn what may go wrong into an `HttpError` that names the host."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise HttpError(f"{_host(url)} did not answer within {seconds:g} s", permanent=False) from error
    except NotPublic as error:
        raise HttpError(str(error), permanent=True) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise HttpError(f"{_host(url)} cannot be asked: {error}", permanent=True) from error
    except httpx.HTTPError as error:
        raise HttpError(f"{_host(url)} could not be reached: {error}", permanent=False) from error


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "A URL without a host"
    except ValueError:
        return "A malformed URL"


def _refusal(response: httpx.Response, body: bytes) -> HttpError:
    status = response.status_code
    return HttpError(
        f"{response.request.url.host} answered {status}",
        permanent=(status < 500 and status not in _TEMPORARY) or status in (501, 505),
        retry_after=parse_retry_after(response.headers.get("Retry-After"), datetime.now(UTC)),
        status=status,
        body=body,
    )


def _same_host(response: httpx.Response, following: httpx.Request) -> httpx.Request:
    """The redirected request, where it stays on its host, does not fall back to http and keeps its method."""
    origin, target = response.request.url, following.url
    upgraded = (origin.scheme, target.scheme) == ("http", "https") and origin.port == target.port is None
    same = (origin.scheme, origin.port) == (target.scheme, target.port) or upgraded
    if origin.host != target.host or not same or response.request.method != following.method:
        message = f"{origin.host} redirects to {target.scheme}://{target.host}; give that address itself"
        raise HttpError(message, permanent=True, status=response.status_code)
    return following

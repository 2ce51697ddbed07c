"""The outgoing client against a real small server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from notifications.addresses import is_public
from notifications.http import Client, HttpError, parse_retry_after


class Handler(BaseHTTPRequestHandler):
    """Answers by path; `seen` records what arrived, `released` ends a slow answer."""

    seen: list[tuple[str, str, str, bytes]]
    released: threading.Event

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.command, self.path, self.headers["Host"], body))
        answer = getattr(self, "answer_" + self.path.split("?")[0].strip("/"))
        answer()

    do_POST = do_GET

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_ok(self) -> None:
        self.reply(200, b"well", Set_Cookie="a=b; Path=/", X_Cookie=self.headers.get("Cookie", "none"))

    def answer_busy(self) -> None:
        self.reply(429, b"slow down", Retry_After="7")

    def answer_broken(self) -> None:
        self.reply(500, b'{"error": "oops"}')

    def answer_wrong(self) -> None:
        self.reply(404)

    def answer_huge(self) -> None:
        self.reply(200, b"x" * 3000)

    def answer_endless(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(10):
            self.wfile.write(b"200\r\n" + b"x" * 512 + b"\r\n")
        self.wfile.flush()
        self.released.wait(10)

    def answer_dripping(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drop: ")
        while not self.released.wait(0.02):
            self.wfile.write(b".")

    def answer_slow(self) -> None:
        self.released.wait(10)
        self.close_connection = True

    def answer_zipped(self) -> None:
        self.reply(200, b"\x1f\x8b", Content_Encoding="gzip")

    def answer_moved(self) -> None:
        self.reply(302, Location="/ok")

    def answer_kept(self) -> None:
        self.reply(307, Location="/ok")

    def answer_away(self) -> None:
        self.reply(302, Location=f"http://localhost:{self.server.server_address[1]}/ok")

    def answer_round(self) -> None:
        self.reply(302, Location="/round")

    def log_message(self, *_: object) -> None:
        """A test's output is no place for an access log."""


class Server:
    def __init__(self, port: int, handler: type[Handler]) -> None:
        self.port, self.url, self.handler = port, f"http://127.0.0.1:{port}", handler

    @property
    def seen(self) -> list[tuple[str, str, str, bytes]]:
        return self.handler.seen


@contextmanager
def serving() -> Iterator[Server]:
    handler = type("Fresh", (Handler,), {"seen": [], "released": threading.Event()})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Server(http.server_address[1], handler)
    finally:
        handler.released.set()
        http.shutdown()
        thread.join()
        http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(timeout=5, max_bytes=2000, allow_private=True) as made:
        yield made


def failure(client: Client, url: str, method: str = "GET", timeout: float | None = None) -> HttpError:
    with pytest.raises(HttpError) as caught:
        client.request(method, url, timeout=timeout)
    return caught.value


def test_an_answer_comes_back_with_status_headers_and_body(server: Server, client: Client) -> None:
    response = client.get(server.url + "/ok", params={"a": "b c"})
    assert (response.status, response.body) == (200, b"well")
    assert response.headers["content-length"] == "4"
    assert server.seen[0][:2] == ("GET", "/ok?a=b+c")


def test_a_post_carries_json_a_form_or_raw_bytes(server: Server, client: Client) -> None:
    client.post(server.url + "/ok", json={"a": 1})
    client.post(server.url + "/ok", form={"q": "up"})
    client.post(server.url + "/ok", content=b"\x00\x01")
    assert [body for *_, body in server.seen] == [b'{"a":1}', b"q=up", b"\x00\x01"]


def test_cookies_are_not_remembered(server: Server, client: Client) -> None:
    client.get(server.url + "/ok")
    assert client.get(server.url + "/ok").headers["x-cookie"] == "none"


def test_too_many_requests_is_temporary_and_says_how_long_to_wait(server: Server, client: Client) -> None:
    error = failure(client, server.url + "/busy")
    assert (error.status, error.permanent, error.retry_after, error.body) == (429, False, 7.0, b"slow down")


def test_a_server_error_is_temporary_and_keeps_its_body(server: Server, client: Client) -> None:
    error = failure(client, server.url + "/broken")
    assert (error.status, error.permanent, error.retry_after) == (500, False, None)
    assert error.body == b'{"error": "oops"}'


def test_not_found_is_permanent(server: Server, client: Client) -> None:
    error = failure(client, server.url + "/wrong")
    assert (error.status, error.permanent) == (404, True)


@pytest.mark.parametrize("path", ["/huge", "/endless"])
def test_an_answer_over_the_limit_is_given_up_without_reading_it_all(server: Server, client: Client, path: str) -> None:
    error = failure(client, server.url + path)
    assert error.permanent and "more than 2000 bytes" in str(error)


def test_a_compressed_answer_is_refused_because_its_size_is_unknown(server: Server, client: Client) -> None:
    assert "compresses" in str(failure(client, server.url + "/zipped"))


def test_silence_ends_at_the_timeout_and_is_temporary(server: Server, client: Client) -> None:
    error = failure(client, server.url + "/slow", timeout=0.05)
    assert not error.permanent and "within 0.05 s" in str(error)


def test_a_head_that_drips_in_is_not_waited_for(client, server):
    error = failure(client, server.url + "/dripping", timeout=0.2)
    assert not error.permanent
    assert "did not answer within 0.2 s" in str(error)


def test_nobody_listening_is_temporary(client: Client) -> None:
    with serving() as gone:
        url = gone.url
    error = failure(client, url + "/ok")
    assert not error.permanent and error.status is None


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "nonsense", "http://", "http://[::1/", "file:///etc/passwd"])
def test_what_is_not_a_web_address_is_permanent(client: Client, url: str) -> None:
    assert failure(client, url).permanent


def test_a_redirect_on_the_same_host_is_followed(server: Server, client: Client) -> None:
    assert client.get(server.url + "/moved").body == b"well"
    assert client.request("POST", server.url + "/kept", content=b"kept").body == b"well"
    assert server.seen[-1][0] == "POST" and server.seen[-1][3] == b"kept"


def test_a_redirect_to_another_host_is_refused_and_never_asked(server: Server, client: Client) -> None:
    error = failure(client, server.url + "/away")
    assert error.permanent and "redirects to http://localhost" in str(error)
    assert [path for _, path, *_ in server.seen] == ["/away"]


def test_a_redirect_that_would_turn_a_post_into_a_get_is_refused(server: Server, client: Client) -> None:
    assert failure(client, server.url + "/moved", method="POST").permanent


def test_redirecting_in_circles_ends(server: Server, client: Client) -> None:
    assert "more than 3 times" in str(failure(client, server.url + "/round"))
    assert len(server.seen) == 4


def test_a_private_address_is_refused_before_anything_is_sent(server: Server) -> None:
    with Client() as careful:
        error = failure(careful, server.url + "/ok")
    assert error.permanent and "127.0.0.1" in str(error)
    assert server.seen == []


def test_one_private_address_among_public_ones_refuses_the_name(server: Server) -> None:
    with Client(resolver=lambda host, port: ["8.8.8.8", "127.0.0.1"]) as careful:
        assert failure(careful, f"http://mixed.example:{server.port}/ok").permanent
    assert server.seen == []


def test_a_name_is_resolved_once_and_the_connection_goes_to_that_address(server: Server) -> None:
    answers = [["127.0.0.1"], ["192.0.2.1"]]
    with Client(allow_private=True, resolver=lambda host, port: answers.pop(0)) as pinned:
        pinned.get(f"http://rebinding.example:{server.port}/ok")
    assert server.seen[0][2] == f"rebinding.example:{server.port}"
    assert answers == [["192.0.2.1"]]


def test_the_next_address_is_tried_where_the_first_does_not_listen(server: Server) -> None:
    with Client(allow_private=True, resolver=lambda host, port: ["::1", "127.0.0.1"]) as patient:
        assert patient.get(f"http://two.example:{server.port}/ok").status == 200


def test_a_name_without_an_address_is_temporary() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    with Client(resolver=nowhere) as client:
        error = failure(client, "http://nowhere.example/")
    assert not error.permanent and "no address" in str(error)


def test_errors_do_not_repeat_the_secret_path_of_a_webhook(server: Server, client: Client) -> None:
    assert "broken" not in str(failure(client, server.url + "/broken?key=secret"))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_outside_are_public(address: str) -> None:
    assert is_public(address)


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    later = format_datetime(datetime(2026, 6, 1, 9, 2, tzinfo=UTC), usegmt=True)
    assert parse_retry_after("120", now) == 120.0
    assert parse_retry_after(later, now) == 120.0
    assert parse_retry_after("Mon, 01 Jun 2020 09:00:00 GMT", now) == 0.0
    assert [parse_retry_after(text, now) for text in (None, "", "soon", "-5", "9" * 30, "1.5")] == [None] * 6

"""A body without a length is read whole; others are passed on as they come, and heard out where they are refused."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from config import bodies

CHUNKED = {"type": "http", "headers": [(b"host", b"a"), (b"transfer-encoding", b"chunked")]}


def sent(*chunks):
    """A `receive` that brings these chunks, and then that the client is gone."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks[:-1]]
    messages += [{"type": "http.request", "body": chunks[-1], "more_body": False}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    return receive


def read(scope, *chunks):
    async def run():
        told, receive = await bodies.measured(scope, sent(*chunks))
        return told, await receive(), await receive()

    with ThreadPoolExecutor(1) as pool:  # Playwright leaves an event loop behind in the thread of the tests
        return pool.submit(asyncio.run, run()).result()


def test_chunks_are_gathered_and_measured():
    scope, message, after = read(CHUNKED, b"one ", b"two")
    assert dict(scope["headers"]) == {b"host": b"a", b"content-length": b"7"}
    assert (message["body"], message["more_body"]) == (b"one two", False)
    assert after == {"type": "http.disconnect"}


def test_a_body_that_says_its_length_is_passed_on_as_it_comes():
    scope = {"type": "http", "headers": [(b"content-length", b"7")]}
    told, first, second = read(scope, b"one ", b"two")
    assert told is scope
    assert (first["body"], second["body"]) == (b"one ", b"two")


def test_what_is_endless_is_cut_where_every_address_refuses_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "LARGEST", 10)
    scope, message, _ = read(CHUNKED, b"x" * 8, b"x" * 8, b"x" * 8)
    assert dict(scope["headers"])[b"content-length"] == b"16"
    assert len(message["body"]) == 16


def refused(headers, *chunks):
    """What was still to be received when an answer began that had read nothing of the body."""
    left = []

    async def run():
        receive = sent(*chunks)

        async def send(message):
            left.append((await receive())["type"])

        _, answer = bodies.heard_out({"type": "http", "headers": headers}, receive, send)
        await answer({"type": "http.response.start", "status": 413, "headers": []})

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, run()).result()
    return left


def test_a_refusal_waits_until_the_client_has_sent_all_and_listens():
    assert refused([(b"content-length", b"7")], b"one ", b"two") == ["http.disconnect"]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"content-length", b"7"), (b"expect", b"100-continue")],
        [(b"content-length", b"%d" % (bodies.LARGEST + 1))],
    ],
)
def test_nothing_is_waited_for_where_nothing_comes_or_the_client_asked_first_or_it_would_be_too_much(headers):
    assert refused(headers, b"one ", b"two") == ["http.request"]


def test_a_body_that_was_read_is_not_waited_for_again():
    async def run():
        sends = []

        async def send(message):
            sends.append(message["type"])

        scope = {"type": "http", "headers": [(b"content-length", b"3")]}
        receive, answer = bodies.heard_out(scope, sent(b"one"), send)
        assert (await receive())["body"] == b"one"
        await answer({"type": "http.response.start", "status": 200, "headers": []})
        return sends, await receive()

    with ThreadPoolExecutor(1) as pool:
        sends, after = pool.submit(asyncio.run, run()).result()
    assert (sends, after["type"]) == (["http.response.start"], "http.disconnect")

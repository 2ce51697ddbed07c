"""Apprise reaches what it should, refuses what would touch our own machine, and gives no secret away."""

import logging
import socket
import subprocess
import sys
import threading

import pytest

from notifications.channels import apprise
from notifications.channels.apprise import Apprise, read, refusal, shown, within
from notifications.channels.apprise_schemes import AT_A_HOST, AT_A_PROVIDER, scheme_of
from notifications.channels.base import ChannelError
from tests.receiver import receiving

TWILIO = f"twilio://AC{'a' * 32}:{'b' * 32}@+15550001111/+15550002222"
PAGE = {
    "kind": "page",
    "subject": "Page: Checkout is down",
    "text": "You are paged: Checkout is down",
    "url": "https://andon.example/p/token/",
    "facts": [["Service", "Checkout"]],
    "actions": [{"id": "page.acknowledge", "label": "Acknowledge", "style": "primary"}],
}


@pytest.fixture
def receiver():
    with receiving() as running:
        yield running


def at(receiver, scheme="json", path="hook", user=""):
    return f"{scheme}://{user}{receiver.url.removeprefix('http://')}/{path}"


def failure(address, message=PAGE):
    with pytest.raises(ChannelError) as error:
        Apprise().send(address, message, key="one")
    return error.value


def test_a_page_arrives_with_its_subject_and_the_link_that_acknowledges_it(receiver):
    assert Apprise().send(at(receiver), PAGE, key="one") == {"service": "JSON"}
    [told] = receiver.received
    assert told["title"] == "Page: Checkout is down"
    assert told["message"] == "You are paged: Checkout is down\n\nAcknowledge: https://andon.example/p/token/"
    assert told["attachments"] == []
    assert receiver.paths == ["/hook"]


def test_ntfy_on_a_host_of_our_own_gets_its_topic(receiver):
    Apprise().send(at(receiver, "ntfy", "pages"), PAGE, key="one")
    [told] = receiver.received
    assert (told["topic"], told["title"]) == ("pages", "Page: Checkout is down")
    assert "https://andon.example/p/token/" in told["message"]


@pytest.mark.parametrize("scheme", ["json", "ntfy"])
@pytest.mark.parametrize(
    ("status", "permanent", "retry_after"),
    [
        *((status, True, None) for status in (400, 401, 403, 404, 410)),
        *((status, False, None) for status in (408, 500, 503)),
        (429, False, 30),
    ],
)
def test_an_answer_says_whether_to_try_again(receiver, scheme, status, permanent, retry_after):
    receiver.answers = [(status, {})]
    error = failure(at(receiver, scheme))
    assert (error.permanent, error.retry_after) == (permanent, retry_after)
    assert str(status) in str(error) or status == 429
    assert len(receiver.received) == 1


def test_a_redirect_is_not_followed(receiver):
    receiver.answers = [(302, {"Location": f"{receiver.url}/elsewhere"})]
    failure(at(receiver, path="?redirect=yes"))
    assert len(receiver.paths) == 1


def test_whoever_says_that_failing_does_not_matter_is_not_believed(receiver):
    receiver.answers = [(500, {})]
    assert not failure(at(receiver, path="?optional=yes")).permanent


def test_a_host_that_takes_no_connection_is_tried_again():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    error = failure(f"json://127.0.0.1:{port}/secret")
    assert (error.permanent, str(error)) == (False, "JSON could not be reached, or did not take the message")


def test_a_host_that_never_answers_is_given_up_on(monkeypatch):
    monkeypatch.setattr(apprise, "_READ", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert not failure(f"json://127.0.0.1:{mute.getsockname()[1]}/").permanent


def test_what_takes_longer_in_all_is_given_up_on_too():
    done = threading.Event()
    with pytest.raises(ChannelError, match=r"Twilio did not answer within 0\.05 s"):
        within(0.05, lambda: done.wait() and None, "Twilio")
    done.set()


def test_two_threads_tell_their_failures_apart(receiver):
    receiver.answers = [(200, {})] * 8
    with receiving() as other:
        other.answers = [(401, {})] * 8
        outcomes = {"good": [], "bad": []}

        def send(name, address):
            try:
                outcomes[name].append(Apprise().send(address, PAGE, key="one")["service"])
            except ChannelError as error:
                outcomes[name].append(str(error))

        work = [("good", at(receiver)), ("bad", at(other))] * 8
        threads = [threading.Thread(target=send, args=pair) for pair in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes == {"good": ["JSON"] * 8, "bad": ["JSON answered 401"] * 8}


def test_the_log_of_several_recipients_is_one_answer():
    assert not refusal("Twilio", ["to +1: error=400.", "to +2: error=503."]).permanent
    assert refusal("Twilio", ["to +1: error=400.", "to +2: error=404."]).permanent
    assert str(refusal("Twilio", ["to +1, error=21211"])) == "Twilio could not be reached, or did not take the message"


@pytest.mark.parametrize("private", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3"])
def test_private_hosts_are_refused_where_they_are_not_allowed(settings, private):
    settings.ANDON_ALLOW_PRIVATE_TARGETS = False
    error = failure(f"json://{private}:9/hook")
    assert error.permanent
    assert "not a public address" in str(error)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("syslog://", "not an Apprise URL"),
        ("syslog://local0", "speaks to Andon's own machine"),
        ("file:///etc/passwd", "speaks to Andon's own machine"),
        ("windows://x", "speaks to Andon's own machine"),
        ("dbus://x", "speaks to Andon's own machine"),
        ("mailto://user:pass@example.com", "add an e-mail address instead"),
        ("https://example.com/hook", "add it as one"),
        ("matrix://user:pass@host/#room", "not among the services"),
        ("include://x", "not among the services"),
        ("+15550001111", "not an Apprise URL"),
        ("", "not an Apprise URL"),
        ("slack://a/b/c/?template=/etc/passwd", "reads a file of Andon's machine"),
        ("tgram://token/1?TEMPLATE=file:///etc/passwd", "reads a file of Andon's machine"),
        ("twilio://sid", "write it as twilio://{account_sid}:{auth_token}@{from_phone}"),
        ("pover://toosecret", "not a whole URL for Pushover"),
    ],
)
def test_an_address_that_will_not_do_is_refused_in_words_without_its_secrets(url, words):
    with pytest.raises(ValueError) as error:
        read(url)
    assert words in str(error.value)
    assert "toosecret" not in str(error.value)
    assert "/etc/passwd" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        (TWILIO, "twilio://...aaaa:b...b@%2B15550001111/%2B15550002222/"),
        ("json://user:hidden@example.com:8080/hidden/path?+Authorization=hidden", "json://example.com:8080/…"),
        ("ntfys://tk_hidden_token@ntfy.example.com/pages", "ntfys://t...n@ntfy.example.com/pages"),
        ("ntfys://ntfy.example.com/hidden-topic-that-is-a-key", "ntfys://ntfy.example.com/hi…ey"),
        ("gotifys://example.com/hidden_token_1", "gotifys://example.com/h...1/"),
    ],
)
def test_what_is_shown_of_a_url_leaves_its_secrets_out(url, masked):
    assert shown(url) == masked


def test_every_service_on_our_lists_is_one_that_apprise_has():
    read("json://localhost")
    from apprise.manager_plugins import NotificationManager

    assert set(NotificationManager().schemas()) >= AT_A_HOST | AT_A_PROVIDER
    assert not AT_A_HOST & AT_A_PROVIDER
    assert scheme_of("NTFY://topic") == "ntfy"


def test_nothing_of_apprise_s_own_log_goes_anywhere(receiver, capsys):
    receiver.answers = [(401, {})]
    failure(at(receiver, path="hidden"))
    assert not logging.getLogger("apprise").propagate
    assert "hidden" not in "".join(capsys.readouterr())


def test_the_library_is_not_loaded_before_it_is_needed():
    code = "import django, sys; django.setup(); import notifications.channels; sys.exit('apprise' in sys.modules)"
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "ANDON_ENV": "test", "PATH": ""}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0

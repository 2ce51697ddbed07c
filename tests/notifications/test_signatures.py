"""Who may speak: signatures and tokens of every kind of sender."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import signatures

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
STAMP = int(NOW.timestamp())
SECRETS = ["old secret", "new secret"]
WHSEC = "whsec_" + base64.b64encode(b"a key of twenty-four byte").decode()


def github_headers(secret: str, body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + signatures.sign_hex(secret, body)}


def standard_headers(secret: str, body: bytes, stamp: int = STAMP) -> dict[str, str]:
    signature = signatures.sign_standard_webhooks(secret, "msg_1", stamp, body)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(stamp), "webhook-signature": signature}


def test_githubs_own_example_is_accepted() -> None:
    # From docs.github.com, "Validating webhook deliveries".
    digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    headers = {"x-hub-signature-256": f"sha256={digest}"}
    assert signatures.github(["It's a Secret to Everybody"], b"Hello, World!", headers)


def test_the_example_of_standard_webhooks_is_accepted() -> None:
    # From the reference libraries' tests: github.com/standard-webhooks/standard-webhooks.
    signature = signatures.sign_standard_webhooks(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", SECRETS)
def test_either_of_two_live_secrets_is_accepted(secret: str) -> None:
    body = b"{}"
    assert signatures.github(SECRETS, body, github_headers(secret, body))
    assert signatures.bearer(SECRETS, {"Authorization": f"Bearer {secret}"})
    assert signatures.standard_webhooks(SECRETS, body, standard_headers(secret, body), NOW)


def test_a_retired_secret_is_refused() -> None:
    assert not signatures.github(SECRETS, b"{}", github_headers("retired", b"{}"))


def test_header_names_and_the_scheme_are_read_in_any_case() -> None:
    assert signatures.bearer(SECRETS, {"AUTHORIZATION": "bearer new secret"})


def test_a_bearer_token_in_another_scheme_is_refused() -> None:
    assert not signatures.bearer(SECRETS, {"Authorization": "Basic new secret"})
    assert not signatures.bearer(SECRETS, {"Authorization": "new secret"})


def test_gitlabs_token_is_compared_whole() -> None:
    assert signatures.token(SECRETS, {"X-Gitlab-Token": "old secret"}, "X-Gitlab-Token")
    assert not signatures.token(SECRETS, {"X-Gitlab-Token": "old secre"}, "X-Gitlab-Token")


def test_basic_credentials_need_the_right_password_whatever_the_name() -> None:
    right = base64.b64encode(b"jenkins:new secret").decode()
    wrong = base64.b64encode(b"new secret:jenkins").decode()
    assert signatures.basic(SECRETS, {"Authorization": f"Basic {right}"})
    assert not signatures.basic(SECRETS, {"Authorization": f"Basic {wrong}"})
    assert not signatures.basic(SECRETS, {"Authorization": "Basic not base64!"})


def test_one_good_signature_among_several_is_enough() -> None:
    good = "v1=" + signatures.sign_hex("new secret", b"{}")
    headers = {"X-PagerDuty-Signature": f"v1={'0' * 64}, {good}"}
    assert signatures.hmac_sha256_hex(SECRETS, b"{}", headers, "X-PagerDuty-Signature", "v1=")
    assert not signatures.hmac_sha256_hex(SECRETS, b"{}", headers, "X-PagerDuty-Signature", "v2=")


def test_standard_webhooks_may_carry_several_signatures() -> None:
    headers = standard_headers(WHSEC, b"{}")
    headers["webhook-signature"] = f"v1a,unknown v1,AAAA {headers['webhook-signature']}"
    assert signatures.standard_webhooks([WHSEC], b"{}", headers, NOW)


@pytest.mark.parametrize(("age", "accepted"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_standard_webhooks_are_believed_for_five_minutes(age: int, accepted: bool) -> None:
    headers = standard_headers(WHSEC, b"{}", STAMP - age)
    assert signatures.standard_webhooks([WHSEC], b"{}", headers, NOW) is accepted


def test_a_longer_tolerance_can_be_asked_for() -> None:
    headers = standard_headers(WHSEC, b"{}")
    assert signatures.standard_webhooks([WHSEC], b"{}", headers, NOW + timedelta(hours=1), tolerance=3600)


def test_a_secret_that_does_not_decode_matches_nothing() -> None:
    broken = "whsec_***"
    assert not signatures.standard_webhooks([broken], b"{}", standard_headers(broken, b"{}"), NOW)


def test_an_empty_secret_matches_nothing() -> None:
    assert not signatures.bearer([""], {"Authorization": "Bearer "})
    assert not signatures.token([""], {}, "X-Gitlab-Token")
    assert not signatures.github([""], b"{}", github_headers("", b"{}"))


@pytest.mark.parametrize(
    "value",
    ["", "sha256", "sha256=", "sha256=é", "sha256=\udcff", "=" * 100_000, "v1," * 50_000, "Bearer", "\x00"],
)
def test_a_header_nobody_can_read_is_a_mismatch(value: str) -> None:
    names = ["X-Hub-Signature-256", "Authorization", "webhook-id", "webhook-timestamp", "webhook-signature"]
    headers = {**standard_headers(WHSEC, b"{}"), **dict.fromkeys(names, value)}
    assert not signatures.github(SECRETS, b"{}", headers)
    assert not signatures.bearer(SECRETS, headers)
    assert not signatures.basic(SECRETS, headers)
    assert not signatures.standard_webhooks([WHSEC], b"{}", headers, NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_a_mismatch(name: str) -> None:
    headers = standard_headers(WHSEC, b"{}")
    del headers[name]
    assert not signatures.standard_webhooks([WHSEC], b"{}", headers, NOW)


@given(body=st.binary(min_size=1, max_size=200), data=st.data())
def test_a_body_with_any_bit_flipped_is_refused(body: bytes, data: st.DataObject) -> None:
    flipped = flip(body, data.draw(st.integers(0, len(body) * 8 - 1)))
    assert signatures.github(SECRETS, body, github_headers("new secret", body))
    assert not signatures.github(SECRETS, flipped, github_headers("new secret", body))
    assert signatures.standard_webhooks([WHSEC], body, standard_headers(WHSEC, body), NOW)
    assert not signatures.standard_webhooks([WHSEC], flipped, standard_headers(WHSEC, body), NOW)


@given(st.data())
def test_a_signature_with_any_bit_flipped_is_refused(data: st.DataObject) -> None:
    body = b'{"deployment": 1}'
    hub, standard = github_headers("new secret", body), standard_headers(WHSEC, body)
    for headers, name in ((hub, "X-Hub-Signature-256"), *((standard, name) for name in standard)):
        bit = data.draw(st.integers(0, len(headers[name]) * 8 - 1))
        changed = {**headers, name: flip(headers[name].encode(), bit).decode("latin-1")}
        assert not signatures.github(SECRETS, body, changed)
        assert not signatures.standard_webhooks([WHSEC], body, changed, NOW)


@given(st.text(), st.text(), st.text(), st.binary())
def test_no_header_makes_verification_fail_otherwise(one: str, two: str, three: str, body: bytes) -> None:
    headers = {
        "Authorization": one, "X-Hub-Signature-256": two, "webhook-id": one, "webhook-timestamp": two,
        "webhook-signature": three,
    }  # fmt: skip
    assert not signatures.github(SECRETS, body, headers)
    assert not signatures.bearer(SECRETS, headers)
    assert not signatures.basic(SECRETS, {"Authorization": f"Basic {one}"})
    assert not signatures.standard_webhooks([WHSEC], body, headers, NOW)


def flip(octets: bytes, bit: int) -> bytes:
    changed = bytearray(octets)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)

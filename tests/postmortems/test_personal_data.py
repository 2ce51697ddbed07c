"""What names a person's address or number is found; what only looks like it is not."""

import pytest

from notifications.errors import InvalidInput
from postmortems import personal_data, services
from tests.factories import PersonFactory, TeamFactory

PERSONAL = [
    ("Ask jane.doe@shop.io for the key", "jane.doe@shop.io"),
    ("mail: Jane+oncall@sub.shop.co.uk.", "Jane+oncall@sub.shop.co.uk"),
    ("call +49 170 1234567 at night", "+49 170 1234567"),
    ("+1 (415) 555-2671", "+1 (415) 555-2671"),
    ("+14155552671", "+14155552671"),
    ("Phone: 0171 555 2671", "0171 555 2671"),
    ("card 4111 1111 1111 1111 was refused", "4111 1111 1111 1111"),
    ("card 4111111111111111.", "4111111111111111"),
    ("amex 3782 822463 10005", "3782 822463 10005"),
    ("to DE89 3704 0044 0532 0130 00 today", "DE89 3704 0044 0532 0130 00"),
    ("GB82WEST12345698765432", "GB82WEST12345698765432"),
]
NONE = [
    "nginx 1.25.3 and v2.14.3-rc.1+build.20240101",
    "revision 4f2a1c9deadbeef4f2a1c9deadbeef4f2a1c9de",
    "id 4111111111111112 of the order",
    "trace 1234567890123456 and epoch 1700000000000",
    "123e4567-e89b-12d3-a456-426614174000",
    "10.0.0.1:8080, 192.168.100.200/24 and 2001:db8::1",
    "git clone git@github.com:org/repo.git",
    "jane@example.com and noreply@shop.io, oncall@shop.io",
    "2024-06-01T12:00:00+02:00 took +100 ms, +1.5%, +49",
    "ssh user@host and postgres://app:secret@db.internal:5432/app",
    "at 2026-06-01 12:30:45 we saw 1 234 567 890 rows",
    "call 12 times, phone home",
    "kubectl -n shop logs deploy/checkout --since=10m @everyone",
    "0000 0000 0000 0000",
    "SE35 is a rack, AB12 CD34",
    "arn:aws:iam::123456789012:role/x and sha256:0123456789012345",
]


@pytest.mark.parametrize(("text", "words"), PERSONAL)
def test_what_names_a_person_is_found(text, words):
    assert [one.text for one in personal_data.find(text)] == [words]
    [one] = personal_data.find(text)
    assert text[one.start : one.end] == words


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_it_is_not(text):
    assert personal_data.find(text) == []


def test_it_stays_quick_on_long_texts():
    assert personal_data.find("1 2 3 4 5 6 7 8 9 " * 5000 + "a.b-c+d" * 5000 + "+49 1 " * 5000) == []


@pytest.mark.django_db
def test_an_article_for_the_company_is_refused_and_the_words_are_named():
    with pytest.raises(InvalidInput) as refused:
        services.write_article(title="Keys", issue="No key", resolution="Ask jane.doe@shop.io", by=PersonFactory())
    assert "'jane.doe@shop.io'" in str(refused.value.errors["resolution"])
    assert set(refused.value.errors) == {"resolution"}


@pytest.mark.django_db
def test_a_team_may_keep_its_own_numbers_until_it_opens_them_to_all():
    team = TeamFactory()
    article = services.write_article(
        title="Keys", issue="No key", resolution="Ask jane.doe@shop.io", audience="team", team=team, by=PersonFactory()
    )
    with pytest.raises(InvalidInput):
        services.edit_article(article=article, audience="company", by=None)
    article.refresh_from_db()
    assert article.audience == "team"

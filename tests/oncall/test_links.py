"""Signed links: good for one page, one person, seven days; and the first administrator's, good once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from notifications.errors import Forbidden, InvalidInput
from oncall import paging, services
from oncall.models import Person
from oncall.paging import links
from tests.factories import ContactMethodFactory, PersonFactory

PASSWORD = "correct horse battery"


@pytest.fixture
def page(db):
    return paging.page(subject="x", person=ContactMethodFactory().person)


def token_of(url):
    return url.rstrip("/").rpartition("/")[2]


def test_a_link_stands_for_its_page_and_its_person(page):
    url = links.acknowledge_url(page, page.person)
    assert "/p/" in url
    assert links.read(token_of(url)) == (page, page.person)


def test_a_link_is_good_for_seven_days(page):
    token = links.token(page, page.person)
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert links.read(token)
    with (
        time_machine.travel(timezone.now() + timedelta(days=7, hours=1)),
        pytest.raises(Forbidden, match="7 days"),
    ):
        links.read(token)


def test_a_link_that_was_changed_is_refused(page):
    with pytest.raises(Forbidden, match="cut short"):
        links.read(links.token(page, page.person)[:-2])


def test_a_link_of_somebody_who_left_is_refused(page):
    token = links.token(page, page.person)
    Person.objects.update(is_active=False)
    with pytest.raises(Forbidden, match="has ended"):
        links.read(token)


def test_a_welcome_link_does_not_acknowledge(page):
    Person.objects.exclude(pk=page.person_id).delete()
    page.delete()
    Person.objects.all().delete()
    with pytest.raises(Forbidden, match="cut short"):
        links.read(token_of(services.first_sign_in_link()))


@pytest.mark.django_db
def test_the_first_sign_in_link_makes_one_administrator_and_then_ends():
    token = token_of(services.first_sign_in_link())
    ana = services.redeem(token, email="ana@example.com", name="Ana", password=PASSWORD)
    assert ana.is_administrator
    assert ana.check_password(PASSWORD)
    assert services.first_sign_in_link() is None
    with pytest.raises(Forbidden, match="used already"):
        services.redeem(token, email="eve@example.com", name="Eve", password=PASSWORD)


@pytest.mark.django_db
def test_a_weak_password_does_not_use_the_link_up():
    token = token_of(services.first_sign_in_link())
    with pytest.raises(InvalidInput, match="too short"):
        services.redeem(token, email="ana@example.com", name="Ana", password="short")
    assert services.first_sign_in_link()


@pytest.mark.django_db
def test_a_link_of_another_kind_does_not_welcome():
    token = links.token(paging.page(subject="x", person=PersonFactory()), Person.objects.get())
    with pytest.raises(Forbidden, match="not one of ours"):
        services.redeem(token, email="eve@example.com", name="Eve", password=PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_the_link_at_the_same_time_one_becomes_administrator():
    token = token_of(services.first_sign_in_link())

    def redeem(name):
        try:
            return services.redeem(token, email=f"{name}@example.com", name=name, password=PASSWORD)
        except Forbidden:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = [person for person in pool.map(redeem, "abcd") if person]
    assert len(made) == 1 == Person.objects.count()

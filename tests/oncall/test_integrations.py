"""Integrations and tokens: secrets that are shown once, rotated without a gap, and retired."""

import pytest
from django.test import override_settings

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall import services
from oncall.models import ApiToken
from oncall.services import integrations
from tests.factories import AdministratorFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db
SENDERS = {"github": None, "event": None, "line": None, "slack": None}


@pytest.fixture(autouse=True)
def senders():
    with override_settings(SENDERS=f"{__name__}.SENDERS"):
        yield


def create(**fields):
    return services.create_integration(**{"source": "event", "name": "Deploys"} | fields)


def test_an_integration_has_an_address_and_a_secret():
    service = ServiceFactory()
    integration, secret = create(service=service.slug, mapping={"Shop-Prod": service.slug})
    assert len(secret) >= 40
    assert [live.secret for live in integrations.live_secrets(integration)] == [secret]
    found = integrations.urls(integration, secret)
    assert found["url"].endswith(f"/hooks/event/{integration.key}")
    assert found["line"].endswith(f"/e/{secret}")


def test_only_the_generic_sender_has_a_one_line_address():
    assert "line" not in integrations.urls(*create(source="github"))


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("source", {"source": "pigeon"}, "“pigeon” is not known; use event, github"),
        ("source", {"source": "slack"}, "“slack” is not known"),
        ("name", {"name": ""}, "This is empty"),
        ("service", {"service": "ghost"}, "There is no service “ghost”"),
        ("mapping", {"mapping": {"x": "ghost"}}, "There is no service “ghost”"),
    ],
)
def test_an_integration_that_cannot_be_is_refused_with_the_value(field, given, sentence):
    with pytest.raises(InvalidInput) as error:
        create(**given)
    assert sentence in error.value.errors[field][0]


def test_a_name_is_used_once_for_each_source():
    create()
    with pytest.raises(InvalidInput, match="“Deploys” already"):
        create()
    create(source="github")


def test_two_secrets_are_live_while_one_is_rotated():
    integration, old = create()
    new = services.rotate_secret(integration=integration)
    assert [live.secret for live in integrations.live_secrets(integration)] == [old, new]
    with pytest.raises(Conflict, match="retire the older one"):
        services.rotate_secret(integration=integration)
    services.retire_secret(secret=integration.secrets.get(secret=old))
    assert [live.secret for live in integrations.live_secrets(integration)] == [new]


def test_the_last_live_secret_is_not_retired():
    integration, secret = create()
    with pytest.raises(Conflict, match="only live secret"):
        services.retire_secret(secret=integration.secrets.get(secret=secret))


def test_only_administrators_make_integrations():
    with pytest.raises(Forbidden):
        create(by=PersonFactory())
    assert create(by=AdministratorFactory())


def test_a_token_belongs_to_its_person():
    ana, bo = PersonFactory(), PersonFactory()
    token, text = services.create_token(person=ana, name="ci", by=ana)
    assert text not in (token.digest, token.name)
    with pytest.raises(Forbidden, match="belongs to its person"):
        services.create_token(person=ana, by=bo)
    with pytest.raises(Forbidden):
        services.revoke_token(token=token, by=bo)
    services.revoke_token(token=token, by=AdministratorFactory())
    assert not ApiToken.objects.exists()

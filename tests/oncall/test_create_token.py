"""`manage.py create_token`: the token alone on the last line, or one clear line of what is wrong."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from knox.auth import TokenAuthentication

from oncall.models import ApiToken, Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_the_token_stands_alone_on_the_last_line_and_works():
    ana = PersonFactory(email="ana@example.com")
    *_, token = run("Ana@example.com", "--name", "deploys")
    assert TokenAuthentication().authenticate_credentials(token.encode())[0] == ana
    assert ApiToken.objects.get().name == "deploys"
    assert token not in ApiToken.objects.get().digest


def test_a_person_is_made_an_administrator_unless_a_role_is_given():
    assert run("ci.bot@example.com", "--create")[0] == "Made ci.bot@example.com, administrator."
    run("bo@example.com", "--create", "--role", "viewer")
    roles = dict(Person.objects.values_list("email", "role"))
    assert roles == {"ci.bot@example.com": "administrator", "bo@example.com": "viewer"}
    assert Person.objects.get(email="ci.bot@example.com").name == "Ci Bot"


def test_with_create_somebody_who_is_there_keeps_their_role():
    PersonFactory(email="ana@example.com", role="viewer")
    run("ana@example.com", "--create", "--role", "administrator")
    assert Person.objects.get().role == "viewer"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ghost@example.com"], "Nobody has the address ghost@example.com; add --create"),
        (["ghost"], "“ghost” is not an e-mail address"),
        (["ghost@example.com", "--create", "--role", "king"], "“king” is not known"),
        (["ghost@example.com", "--role", "viewer"], "use it with --create"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(arguments, sentence):
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)
    assert not Person.objects.exists()


def test_somebody_who_left_gets_no_token():
    PersonFactory(email="ana@example.com", is_active=False)
    with pytest.raises(CommandError, match="no longer active"):
        run("ana@example.com")

"""Django's admin: administrators look things up there, and nobody else comes in."""

import pytest
from django.contrib import admin
from django.urls import reverse

from config.settings import FIRST_PARTY_APPS
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db
LISTS = [
    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for model in admin.site._registry
    if model._meta.app_label in FIRST_PARTY_APPS
]


@pytest.mark.parametrize("path", LISTS)
def test_administrators_look_at_every_list(path):
    assert browser("administrator").get(path).status_code == 200
    assert browser("responder").get(path).status_code == 302


def test_what_has_a_service_is_not_changed_there():
    assert browser("administrator").get(reverse("admin:oncall_team_add")).status_code == 403
    assert browser("administrator").get(reverse("admin:postmortems_factor_add")).status_code == 200

"""Who may make an account: whom the organisation's provider vouches for; anybody only with ANDON_SIGNUP=1."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.ANDON_SIGNUP)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The only provider is the organisation's own, named by OIDC_URL."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

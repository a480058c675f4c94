"""Who may have an account: whoever was invited, and nobody else, by whatever door they come."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):
    """Accounts are made by accepting an invitation (`services.accounts.accept`), never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse to sign up."""
        return False


class InvitedOnlyElsewhere(DefaultSocialAccountAdapter):
    """Another service may say who somebody is; it cannot let in whom nobody invited."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Refuse to sign up."""
        return False

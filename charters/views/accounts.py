"""How allauth fits here: people come by invitation, so nobody signs up; what it says is ours."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """No open sign-up; codes of six digits that are easy to type on a phone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator invites."""
        return False

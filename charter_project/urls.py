"""The addresses: the application's own, and sign-in."""

from allauth.account import urls as account
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

# Nobody adds an address to their own account: one that was invited later would sign in as them.
CLOSED = {"account_email", "account_confirm_email", "account_email_verification_sent"}

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("account/", include([route for route in account.urlpatterns if route.name not in CLOSED])),
    path("admin/", admin.site.urls),
    path("", include("charters.urls")),
]

handler400 = "charters.views.errors.bad_request"
handler404 = "charters.views.errors.not_found"
handler403 = "charters.views.errors.forbidden"
handler500 = "charters.views.errors.server_error"

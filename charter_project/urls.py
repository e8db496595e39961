"""The addresses: the application's own, and sign-in."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("account/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("charters.urls")),
]

handler404 = "charters.views.errors.not_found"
handler403 = "charters.views.errors.forbidden"
handler500 = "charters.views.errors.server_error"

"""One address, for the tests of the suite's own tools."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from charters.models import Person


def count(request: HttpRequest) -> HttpResponse:
    """Answer from the database, in the server's thread."""
    return HttpResponse(f"<!doctype html><title>Count</title><body>{Person.objects.count()} person</body>")


urlpatterns = [path("count/", count)]

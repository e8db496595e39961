"""Dates and hours as people give them: local, ahead, and unambiguous."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MomentField(forms.DateTimeField):
    """A local date and hour from `<input type="datetime-local">`; refused when past, ambiguous or inexistent.

    Twice a year an hour is lived twice, or not at all: a deadline there would mean two things.
    """

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "input input--auto"}, format="%Y-%m-%dT%H:%M"
        )
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def clean(self, value: Any) -> datetime | None:
        """An aware datetime ahead of now. Raises ValidationError."""
        found = super().clean(value)
        if found and found <= timezone.now():
            raise ValidationError(_("This date is past."), code="past")
        if found and found > timezone.now() + timedelta(days=3650):
            raise ValidationError(_("This date is too far ahead."), code="far")
        return found


class DayField(forms.DateField):
    """A date from `<input type="date">`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "input input--auto"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)

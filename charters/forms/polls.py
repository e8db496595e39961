"""The ballot, and the extension of a vote."""

from django import forms
from django.utils.translation import gettext_lazy as _

from charters.enums import Choice
from charters.forms.fields import DeclaredForm, TextField
from charters.forms.windows import MomentField
from charters.labels import CHOICE, choices
from charters.models.poll import REASON_MAX


class VoteForm(DeclaredForm):
    """Three choices, none chosen beforehand, and a reason that nobody is shown.

    The reason keeps no local draft: it would stay behind, readable, on a shared computer.
    """

    choice = forms.ChoiceField(
        choices=choices(CHOICE),
        widget=forms.RadioSelect,
        label=_("Your vote"),
        error_messages={
            "required": _("Choose for, against or abstention."),
            "invalid_choice": _("Choose for, against or abstention."),
        },
    )
    reason = TextField(
        max_length=REASON_MAX,
        rows=3,
        required=False,
        label=_("Reason (optional)"),
        help_text=_("Kept with your vote; shown to nobody through the application, counted nowhere."),
    )

    @property
    def vote(self) -> Choice:
        """The choice made in a valid form."""
        return Choice(self.cleaned_data["choice"])


class ExtendForm(DeclaredForm):
    """A later close."""

    closes_at = MomentField(
        label=_("New close of the vote"),
        error_messages={"required": _("Give the new date and hour."), "invalid": _("Give a date and an hour.")},
    )

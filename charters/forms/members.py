"""Forms on members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charters import labels
from charters.enums import Role
from charters.forms.fields import DeclaredForm, TextField
from charters.models import Charter, College


class MembershipForm(DeclaredForm):
    """A group and a role."""

    college = forms.ModelChoiceField(label=_("Group"), queryset=College.objects.none(), empty_label=_("Choose a group"))
    role = forms.TypedChoiceField(
        label=_("Role"), choices=labels.choices(labels.ROLE), coerce=Role, initial=Role.PARTICIPANT.value
    )

    def __init__(self, *args: Any, charter: Charter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["college"].queryset = charter.colleges.all()


class InvitationForm(MembershipForm):
    """Who, and as what."""

    name = TextField(label=_("First and last name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation goes there; the person signs in with a code sent to it."),
        max_length=254,
    )
    field_order = ("name", "email", "college", "role")

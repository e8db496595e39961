"""A section's own words: its kind when it is added, its title and summary."""

from django import forms
from django.utils.translation import gettext_lazy as _

from charters import labels
from charters.enums import SectionKind
from charters.forms.fields import DeclaredForm, TextField

TITLE_MAX, SUMMARY_MAX = 200, 400


class SectionForm(DeclaredForm):
    """Title and summary. `version` is the one the form was opened on."""

    title = TextField(label=_("Title of the section"), max_length=TITLE_MAX)
    summary = TextField(
        label=_("Summary"),
        help_text=_("One or two sentences under the title: what the section is about. May stay empty."),
        max_length=SUMMARY_MAX, rows=2, required=False,
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class NewSectionForm(SectionForm):
    """The same with the kind, which gives the clauses their letter."""

    field_order = ("kind", "title", "summary")
    kind = forms.ChoiceField(
        label=_("Kind of section"),
        help_text=_("It gives the clauses their letter: E1, U1, C1…"),
        choices=labels.choices(labels.SECTION),
        initial=SectionKind.CUSTOM.value,
    )

"""The form that creates a charter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from charters import labels
from charters.actions.charters import STANDARD_COLLEGES
from charters.enums import CollegeKind, Language
from charters.forms.fields import DeclaredForm, TextField
from charters.models.clause import TITLE_MAX


class CharterForm(DeclaredForm):
    """Title, language, where to start from, and the author's own group."""

    title = TextField(label=_("Title of the charter"), max_length=TITLE_MAX)
    language = forms.TypedChoiceField(
        label=_("Language of the text"),
        help_text=_("The language that prevails. In France, French is required (C. trav. L1321-6)."),
        choices=[("fr", "Français"), ("en", "English")],
        coerce=Language,
        initial="fr",
    )
    start = forms.ChoiceField(
        label=_("Starting text"),
        choices=[
            ("template", _("The template: 34 clauses in five sections, to be reviewed by a lawyer before adoption")),
            ("blank", _("A blank page")),
        ],
        initial="template",
        widget=forms.RadioSelect,
    )
    college = forms.TypedChoiceField(
        label=_("Your group"),
        help_text=_("The group says with whom you vote; as an administrator you can do the same in any of them."),
        choices=[(kind.value, labels.COLLEGE[kind]) for kind in STANDARD_COLLEGES],
        coerce=CollegeKind,
    )

"""Writing a clause, moving it, and settling two texts saved at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charters import labels
from charters.enums import Nature
from charters.forms.fields import DeclaredForm, TextField
from charters.models import Section
from charters.models.clause import BODY_MAX, REFERENCES_MAX, TITLE_MAX
from charters.models.comment import COMMENT_MAX

MOVE_MAX = 10_000


class ClauseForm(DeclaredForm):
    """The words of a clause. `version` is the one the form was opened on; a new clause has none."""

    title = TextField(label=_("Title of the clause"), max_length=TITLE_MAX)
    body = TextField(label=_("Text of the clause"), max_length=BODY_MAX, rows=14, required=False)
    nature = forms.ChoiceField(
        label=_("Nature of the clause"), choices=labels.choices(labels.NATURE), widget=forms.RadioSelect
    )
    references = TextField(
        label=_("Legal references"),
        help_text=_("One per line, for example “C. trav. L1121-1”. They are printed under the clause."),
        max_length=REFERENCES_MAX, rows=2, required=False,
    )  # fmt: skip
    reason = TextField(
        label=_("Why is this no longer an obligation?"),
        help_text=_("The reason goes into the journal: without obligations a charter leaves the works-rules track."),
        max_length=COMMENT_MAX, rows=2, required=False,
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs |= {"class": "editor__title", "placeholder": self.fields["title"].label}
        self.fields["body"].widget.attrs["class"] = "input input--charter editor__text"

    @property
    def content(self) -> dict[str, Any]:
        """The keywords of the actions that write a clause."""
        names = ("title", "body", "references")
        return {name: self.cleaned_data[name] for name in names} | {"nature": Nature(self.cleaned_data["nature"])}

    @property
    def saved_version(self) -> int:
        """The version the form was opened on; 0, which no clause has, when it was left out."""
        return self.cleaned_data["version"] or 0


class SettleForm(DeclaredForm):
    """What becomes of two texts: the other's, mine, or a third written from both."""

    THEIRS, MINE, REWRITE = "theirs", "mine", "rewrite"

    settle = forms.ChoiceField(
        choices=[(THEIRS, _("Take their text")), (MINE, _("Keep my text")), (REWRITE, _("Rewrite"))],
        widget=forms.RadioSelect,
    )


class MoveForm(DeclaredForm):
    """Where a clause or section goes: its rank, and for a clause possibly another section (at its end by default)."""

    index = forms.IntegerField(min_value=0, max_value=MOVE_MAX, required=False)
    section = forms.ModelChoiceField(Section.objects.none(), required=False)

    def __init__(self, *args: Any, sections: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sections is not None:
            self.fields["section"].queryset = sections

    @property
    def place(self) -> int:
        """The rank asked for, or the end."""
        index = self.cleaned_data["index"]
        return MOVE_MAX if index is None else index


class RevertForm(DeclaredForm):
    """Restoring an earlier state; the reason is needed when it lowers an obligation."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = TextField(
        label=_("Why is this no longer an obligation?"),
        help_text=_("The reason goes into the journal: without obligations a charter leaves the works-rules track."),
        max_length=COMMENT_MAX, rows=2, required=False,
    )  # fmt: skip

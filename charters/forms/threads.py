"""Comments, and the drafters' answers to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charters import labels
from charters.enums import ResponseKind
from charters.forms.fields import DeclaredForm, TextField
from charters.models.comment import COMMENT_MAX

ANSWER_CHOICES = [
    (member.value, labels.RESPONSE[member])
    for member in (ResponseKind.ACCEPTED, ResponseKind.PARTLY, ResponseKind.NOT_ACCEPTED, ResponseKind.ANSWERED)
]


class CommentForm(DeclaredForm):
    """A first message on a clause, or a reply. `draft` names the browser's own copy of what is being typed.

    `too_late`: why the words could not be taken any more; they are shown again, to be copied.
    """

    body = TextField(
        label=_("Your comment"),
        max_length=COMMENT_MAX,
        rows=4,
        error_messages={"required": _("Write something first.")},
    )

    def __init__(self, *args: Any, draft: str, ident: str, focus: bool = False, **kwargs: Any) -> None:
        """`ident` makes the field's id, since one page may hold several of these forms."""
        super().__init__(*args, auto_id=f"{ident}-%s", **kwargs)
        self.draft = draft
        self.too_late: object = ""
        self.fields["body"].widget.attrs |= {"data-draft": draft, **({"autofocus": True} if focus else {})}


class FirstFocused(forms.RadioSelect):
    """Choices of which the first one takes the focus, when the field does."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One choice, as Django writes it."""
        option = super().create_option(*args, **kwargs)
        if option["index"] != "0":
            option["attrs"].pop("autofocus", None)
        return option


class AnswerForm(CommentForm):
    """The drafters' answer: what becomes of the comment, and why."""

    kind = forms.ChoiceField(
        label=_("What becomes of this comment"),
        choices=ANSWER_CHOICES,
        widget=FirstFocused,
        error_messages={"required": _("Choose what becomes of this comment.")},
    )
    body = TextField(
        label=_("Your reason"),
        help_text=_("Everyone who reads this thread will read it, under your name."),
        max_length=COMMENT_MAX,
        rows=4,
        error_messages={"required": _("Say why: an answer without a reason teaches nothing.")},
    )
    field_order = ("kind", "body")

    def __init__(self, *args: Any, focus: bool = False, **kwargs: Any) -> None:
        """The choice comes first, also for whoever works by keyboard."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.attrs |= {"autofocus": True} if focus else {}

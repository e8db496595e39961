"""The written reasons that end a consultation."""

from django.utils.translation import gettext_lazy as _

from charters.forms.fields import DeclaredForm, TextField
from charters.models.comment import COMMENT_MAX


class CancelForm(DeclaredForm):
    """Why something is stopped: everyone who took part reads it."""

    reason = TextField(
        max_length=COMMENT_MAX,
        rows=4,
        label=_("Why?"),
        help_text=_("Everyone who took part will read it."),
        error_messages={"required": _("Say why: everyone who took part will read it.")},
    )


class ConcludeForm(DeclaredForm):
    """Concluding; `waiting` is the number of threads without an answer, for which the reason is then due."""

    reason = TextField(
        max_length=COMMENT_MAX,
        rows=4,
        required=False,
        label=_("Why do threads remain without an answer?"),
        help_text=_("Kept in the record and shown on the page of the consultation."),
        error_messages={"required": _("Threads without an answer remain: answer them, or say in writing why not.")},
    )

    def __init__(self, *args: object, waiting: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = waiting > 0

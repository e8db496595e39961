"""Taking a revision back."""

from django.utils.translation import gettext_lazy as _

from charters.forms.fields import DeclaredForm, TextField
from charters.models.comment import COMMENT_MAX


class WithdrawalForm(DeclaredForm):
    """The reason, which everyone who took part reads."""

    reason = TextField(
        label=_("Reason"), help_text=_("Everyone who took part will read it."), max_length=COMMENT_MAX, rows=3
    )

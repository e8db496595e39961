"""Form fields that clean what people type exactly as the actions will, so that a refusal stands beside its field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from charters.documents.text import clean_text
from charters.exceptions import BadInput


class TextField(forms.CharField):
    """A text of at most `max_length` characters. `rows=0` makes a single line."""

    def __init__(self, *, max_length: int, rows: int = 0, **kwargs: Any) -> None:
        widget = (
            forms.Textarea(attrs={"rows": rows, "class": "input"})
            if rows
            else forms.TextInput(attrs={"class": "input"})
        )
        kwargs.setdefault("widget", widget)
        # strip and the length are `clean_text`'s business: it measures the cleaned text
        super().__init__(strip=False, **kwargs)
        self.limit, self.multiline = max_length, bool(rows)
        if not rows:
            self.widget.attrs.setdefault("maxlength", max_length)

    def clean(self, value: Any) -> str:
        """The cleaned text. Raises ValidationError with the sentence of the refusal."""
        try:
            text = clean_text(value or "", max_length=self.limit, multiline=self.multiline)
        except BadInput as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        if not text and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return text


class DeclaredForm(forms.Form):
    """A form whose fields share the look, and that can take an action's refusal as its own error."""

    required_css_class = "field--required"
    error_css_class = "field--error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(
                field.widget,
                forms.Select | forms.DateInput | forms.DateTimeInput | forms.NumberInput | forms.EmailInput,
            ):
                field.widget.attrs.setdefault("class", "input")

    def refuse(self, error: BadInput, field: str | None = None) -> None:
        """Show an action's refusal at `field`, or above the form."""
        self.add_error(field, ValidationError(str(error), code=error.code))

"""Submitting revisions: which sections, until when, how people speak, and how each group is counted."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charters import labels
from charters.enums import Majority, VoiceKind
from charters.exceptions import BadInput
from charters.forms.fields import DeclaredForm
from charters.forms.windows import MomentField
from charters.models import Charter, College, Section
from charters.workflow import CollegeRule

COMMENT_DAYS, VOTE_DAYS, HOUR = 14, 21, 18
DIGITS_MAX = 18
REFUSED_FIELD = {"past": "comments_until", "order": "voting_until", "nothing": "sections", "linked": "sections"}


def evening(days: int) -> datetime:
    """So many days from today at 18:00, local."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime(day.year, day.month, day.day, HOUR))  # noqa: DTZ001 (made aware here)


class SectionsField(forms.ModelMultipleChoiceField):
    """Sections by number; Django lets through numbers that no database takes."""

    def clean(self, value: Any) -> Any:
        """The sections chosen. Raises ValidationError."""
        for number in value or ():
            if len(str(number)) > DIGITS_MAX:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": number[:DIGITS_MAX]}
                )
        return super().clean(value)


class SubmissionForm(DeclaredForm):
    """Which of the changed sections are submitted; all of them unless unticked."""

    sections = SectionsField(
        Section.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one section that has changed.")},
    )

    def __init__(self, *args: Any, charter: Charter, changed: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [section.pk for section in changed]
        self.fields["sections"].queryset = charter.sections.filter(pk__in=keys)
        self.fields["sections"].initial = keys

    @property
    def ticked(self) -> set[int]:
        """The sections ticked on the form as it is shown."""
        return {int(v) for v in self["sections"].value() or [] if str(v).isdecimal() and len(str(v)) <= DIGITS_MAX}


class PlanForm(SubmissionForm):
    """A consultation: its sections, calendar and way of speaking."""

    comments_until = MomentField(
        label=_("Comments until"),
        help_text=_("After that the drafters answer and revise; an administrator may end the comments sooner."),
        initial=lambda: evening(COMMENT_DAYS),
    )
    voting_until = MomentField(
        label=_("Vote until"),
        help_text=_("The vote opens once comments have ended and the drafters have answered."),
        initial=lambda: evening(VOTE_DAYS),
    )
    voice_kind = forms.ChoiceField(
        label=_("How people speak"),
        choices=labels.choices(labels.VOICE_KIND),
        widget=forms.RadioSelect,
        initial=VoiceKind.PSEUDONYM.value,
    )
    comment_while_revising = forms.BooleanField(label=_("Comments stay open while the drafters revise"), required=False)

    def clean(self) -> dict[str, Any]:
        """The vote closes after the comments end, said before anything is sent."""
        found = super().clean() or self.cleaned_data
        comments, voting = found.get("comments_until"), found.get("voting_until")
        if comments and voting and voting <= comments:
            self.add_error(
                "voting_until", forms.ValidationError(_("The vote closes after the end of comments."), code="order")
            )
        return found

    def refuse(self, error: BadInput, field: str | None = None) -> None:
        """Show a refusal of the action beside the field it speaks of."""
        super().refuse(error, field or REFUSED_FIELD.get(error.code))


class RuleForm(DeclaredForm):
    """How one group is counted."""

    binding = forms.TypedChoiceField(
        label=_("Effect of its vote"),
        choices=[("", _("Advisory")), ("1", _("Binding"))],
        coerce=bool,
        empty_value=False,
        required=False,
    )
    majority = forms.ChoiceField(
        label=_("Majority"), choices=labels.choices(labels.MAJORITY), initial=Majority.RELATIVE.value
    )
    quorum = forms.IntegerField(label=_("Quorum, per cent of the roll"), min_value=0, max_value=100, initial=0)

    def __init__(self, *args: Any, college: College, size: int, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"college-{college.pk}", **kwargs)
        self.college, self.size = college, size

    @property
    def rule(self) -> CollegeRule:
        """The rule as the counting code takes it."""
        data = self.cleaned_data
        return CollegeRule(data["binding"], Majority(data["majority"]), Fraction(data["quorum"], 100))

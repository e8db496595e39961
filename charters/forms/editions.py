"""The form of adoption: for each section, take its new revision or not, and why where a reason is due."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charters.actions.editions import Take, binds
from charters.documents.contents import Candidate, linked_groups
from charters.enums import Basis, RevisionKind
from charters.forms.fields import DeclaredForm, TextField
from charters.forms.windows import DayField
from charters.models import Revision
from charters.models.comment import COMMENT_MAX
from charters.queries import outcomes
from charters.workflow import reason_required

SUGGESTED_DAYS = 45
"""With formalities to come: time to file and to publish, then the month of C. trav. L1321-4."""


@dataclass(frozen=True, slots=True)
class AdoptionRow:
    """One section on the page: what it could bring, what it says now, and its fields (None when nothing is new)."""

    candidate: Candidate
    sentence: str
    linked: str
    reason_due: bool
    take: forms.BoundField | None
    reason: forms.BoundField | None

    @property
    def title(self) -> str:
        """The section's title as the edition would print it."""
        held = self.candidate.revision or (self.candidate.previous and self.candidate.previous.revision)
        return held.title if held else self.candidate.section.title

    @property
    def removal(self) -> bool:
        """Whether taking the revision takes the section out of the charter."""
        revision = self.candidate.revision
        return revision is not None and revision.kind == RevisionKind.REMOVED

    @property
    def stays(self) -> bool:
        """Whether the previous edition holds a text of this section."""
        previous = self.candidate.previous
        return previous is not None and previous.revision.kind != RevisionKind.REMOVED


class AdoptionForm(DeclaredForm):
    """Built from the candidates of a consultation; approved and advised revisions are taken unless unchecked."""

    effective_date = DayField(
        label=gettext_lazy("Planned date of entry into force"),
        help_text=gettext_lazy("Printed in the text of the edition (C. trav. R1321-3)."),
        error_messages={
            "required": gettext_lazy("Give the planned date of entry into force."),
            "invalid": gettext_lazy("Give a date."),
        },
    )

    def __init__(self, *args: object, found: list[Candidate], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        self.works_rules = any(
            binds(c.section.kind, clause.nature) for c in found for held in _texts(c) for clause in held.clauses.all()
        )
        days = SUGGESTED_DAYS if self.works_rules else 1
        self.fields["effective_date"].initial = timezone.localdate() + timedelta(days=days)
        for candidate in found:
            if candidate.revision is not None:
                self._add_fields(candidate)

    def _add_fields(self, candidate: Candidate) -> None:
        pk, due = candidate.section.pk, reason_required(candidate.basis)
        title = candidate.revision.title if candidate.revision else candidate.section.title
        self.fields[f"take_{pk}"] = forms.BooleanField(
            required=False, initial=not due, label=_("Take this revision of “%(title)s”") % {"title": title}
        )
        if due:
            self.fields[f"reason_{pk}"] = TextField(
                max_length=COMMENT_MAX,
                rows=3,
                required=False,
                label=_("Written reason, if you take it"),
                help_text=_("Printed in the record of the edition, under the employer’s name."),
            )

    def clean(self) -> dict[str, object]:
        """A revision taken against a result, or without one, has its reason."""
        for candidate in self.found:
            pk = candidate.section.pk
            name = f"reason_{pk}"
            taken = self.cleaned_data.get(f"take_{pk}")
            if taken and name in self.fields and name not in self.errors and not self.cleaned_data.get(name):
                message = _("Say in writing why you adopt this against the result, or without one.")
                self.add_error(name, ValidationError(message, code="reason"))
        return self.cleaned_data

    @property
    def takes(self) -> dict[int, Take]:
        """The employer's choices, by section id, from a valid form."""
        data = self.cleaned_data
        new = [c.section.pk for c in self.found if c.revision is not None]
        return {pk: Take(adopt=data[f"take_{pk}"], reason=data.get(f"reason_{pk}", "")) for pk in new}

    def rows(self) -> list[AdoptionRow]:
        """Every section with its fields, its result in words and the sections it is bound to."""
        groups = linked_groups(self.found)
        titles = {c.section.pk: c.section.title for c in self.found}
        return [
            self._row(c, [titles[pk] for g in groups if c.section.pk in g for pk in g - {c.section.pk}])
            for c in self.found
        ]

    def _row(self, candidate: Candidate, linked: list[str]) -> AdoptionRow:
        pk = candidate.section.pk
        return AdoptionRow(
            candidate=candidate,
            sentence=_result(candidate),
            linked=outcomes.listed(linked),
            reason_due=candidate.revision is not None and reason_required(candidate.basis),
            take=self[f"take_{pk}"] if f"take_{pk}" in self.fields else None,
            reason=self[f"reason_{pk}"] if f"reason_{pk}" in self.fields else None,
        )


def _texts(candidate: Candidate) -> list[Revision]:
    """The texts that the edition could hold of a section."""
    previous = candidate.previous.revision if candidate.previous else None
    found = [revision for revision in (candidate.revision, previous) if revision is not None]
    return [revision for revision in found if revision.kind != RevisionKind.REMOVED]


def _result(candidate: Candidate) -> str:
    if candidate.revision is None:
        return _("Nothing new in this consultation.")
    if candidate.count is not None:
        return outcomes.sentence(candidate.count)
    poll = getattr(candidate.revision, "poll", None)
    if poll is not None and poll.cancel_reason:
        return outcomes.poll_sentence(poll)
    return _("No vote took place on this revision.") if candidate.basis is Basis.UNVOTED else ""

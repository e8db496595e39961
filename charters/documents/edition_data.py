"""From the rows of an adopted edition to the `EditionDocument` that its PDF shows, after checking that the text still holds."""

from collections import Counter

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import override

from charters import labels
from charters.documents.canonical import CharterText, canonical_text, digest
from charters.documents.edition import (
    EditionClauseDocument,
    EditionCollegeDocument,
    EditionDocument,
    EditionPollDocument,
    EditionResultDocument,
    EditionSectionDocument,
)
from charters.documents.snapshots import revision_text
from charters.enums import Decision, Nature, RevisionKind
from charters.exceptions import FrozenText
from charters.models import Comment, CountRecord, Edition, EditionSection, Response, RevisionClause, Voice
from charters.queries import outcomes
from charters.queries.voices import SPOKEN_MIN

Remarks = dict[int, list[tuple[str, int]]]


def text_holds(edition: Edition) -> bool:
    """Whether the adopted text still has its fingerprint."""
    return digest(edition.canonical_text) == edition.sha256


def check_text(edition: Edition, rows: list[EditionSection]) -> None:
    """Raise FrozenText unless the text, each revision in it and the rows it was made from all have their fingerprints.

    The database refuses to change them; this is the check that nothing else did, before a seal says so for years.
    """
    held = [row.revision for row in rows if row.revision.kind != RevisionKind.REMOVED]
    texts = [revision_text(revision) for revision in held]
    same = all(digest(canonical_text(text)) == rev.sha256 for text, rev in zip(texts, held, strict=True))
    whole = canonical_text(CharterText(title=edition.title, language=edition.language, sections=tuple(texts)))
    if not (same and text_holds(edition) and whole == edition.canonical_text):
        message = _("The adopted text no longer has the fingerprint it was adopted with: it is not sealed.")
        raise FrozenText(message, code="text_changed")


def edition_document(edition: Edition) -> EditionDocument:
    """Everything the edition's PDF shows, in its own language. Raises FrozenText, see `check_text`."""
    rows = list(
        edition.sections.select_related("section", "revision__section", "count__poll__revision").order_by(
            "position", "pk"
        )
    )
    check_text(edition, rows)
    with override(edition.language):
        remarks = _remarks(edition)
        counted = [(row.count, outcomes.results(row.count)) for row in rows if row.count]
        colleges = _colleges(edition, {result.kind for _count, results in counted for result in results})
        return EditionDocument(
            company=edition.company,
            charter_title=edition.title,
            edition_number=edition.number,
            language=edition.language,
            adopted_at=edition.adopted_at,
            adopted_by_title=edition.company,  # the employer: whoever clicked is also a voter, whose name stays out
            effective_date=edition.effective_date,
            works_rules=edition.works_rules,
            sections=tuple(_section(row, remarks) for row in rows if row.revision.kind != RevisionKind.REMOVED),
            colleges=colleges,
            polls=tuple(_poll(count, results, colleges) for count, results in counted),
            comments=Comment.objects.filter(thread__consultation=edition.consultation).count(),
            answered_threads=_answered(edition),
            sha256=edition.sha256,
            canonical_text=edition.canonical_text.encode(),
            time_zone=settings.TIME_ZONE,
        )


def _colleges(edition: Edition, counted: set[str]) -> tuple[EditionCollegeDocument, ...]:
    """The colleges that some count of this edition knows; all of the charter's when nothing was counted."""
    language = edition.language
    return tuple(
        EditionCollegeDocument(kind=c.kind, initials=c.initials_in(language), name=c.name_in(language))
        for c in edition.charter.colleges.all()
        if c.kind in counted or not counted
    )


def _section(row: EditionSection, remarks: Remarks) -> EditionSectionDocument:
    revision = row.revision
    return EditionSectionDocument(
        anchor=f"s{row.pk}",
        title=revision.title,
        summary=revision.summary,
        revision_number=revision.number,
        basis=row.basis,
        reason=row.reason,
        clauses=tuple(_clause(clause, remarks) for clause in revision.clauses.all()),
    )


def _clause(clause: RevisionClause, remarks: Remarks) -> EditionClauseDocument:
    return EditionClauseDocument(
        number=clause.number,
        nature=clause.nature,
        nature_label=str(labels.NATURE[Nature(clause.nature)]),
        title=clause.title,
        html=clause.html,
        references=clause.reference_list,
        comments=tuple(remarks.get(clause.clause_id, ())),
    )


def _poll(
    count: CountRecord, results: list[outcomes.CollegeResult], colleges: tuple[EditionCollegeDocument, ...]
) -> EditionPollDocument:
    """One count; a college that had nobody on this roll (but had on another's) is there with an empty roll."""
    revision = count.poll.revision
    by_kind = {result.kind: _result(result) for result in results}
    return EditionPollDocument(
        title=revision.title,
        revision_number=revision.number,
        closes_at=count.closed_at,
        outcome=outcomes.sentence(count),
        results=tuple(by_kind.get(college.kind) or _nobody(college.kind) for college in colleges),
    )


def _nobody(kind: str) -> EditionResultDocument:
    return EditionResultDocument(
        kind=kind, roll_size=0, marked=0, votes_for=0, votes_against=0, votes_abstain=0,
        decision=Decision.NO_QUORUM.value, disclosed=False,
    )  # fmt: skip


def _result(result: outcomes.CollegeResult) -> EditionResultDocument:
    """Where the counts stay hidden they are not even handed to the document."""
    tally = result.tally
    return EditionResultDocument(
        kind=result.kind,
        roll_size=result.roll,
        marked=tally.marked if tally else 0,
        votes_for=tally.votes_for if tally else 0,
        votes_against=tally.votes_against if tally else 0,
        votes_abstain=tally.votes_abstain if tally else 0,
        decision=Decision(result.decision).value,
        disclosed=tally is not None,
    )


def _answered(edition: Edition) -> int:
    responses = Response.objects.filter(thread__consultation=edition.consultation)
    return responses.order_by().values("thread").distinct().count()


def _remarks(edition: Edition) -> Remarks:
    """Comments by clause and college, of the colleges of which at least five people have spoken."""
    voices = Voice.objects.filter(consultation=edition.consultation)
    spoken = Counter(voices.values_list("college", flat=True))
    shown = [college for college, number in spoken.items() if number >= SPOKEN_MIN]
    rows = Comment.objects.filter(thread__consultation=edition.consultation, voice__college__in=shown).order_by()
    found: Remarks = {}
    grouped = rows.values("thread__clause", "voice__college__kind").annotate(number=Count("pk"))
    for row in grouped.order_by("voice__college__position"):
        found.setdefault(row["thread__clause"], []).append((row["voice__college__kind"], row["number"]))
    return found

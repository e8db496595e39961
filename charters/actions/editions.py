"""Adopting an edition, and recording its publication."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charters.actions.journal import record
from charters.actions.locking import lock
from charters.actions.wording import reason_text
from charters.documents.canonical import CharterText, canonical_text, digest
from charters.documents.contents import Candidate, candidates, linked_groups
from charters.documents.snapshots import revision_text
from charters.enums import Basis, Nature, RevisionKind, SectionKind, Verb
from charters.exceptions import BadInput
from charters.models import Company, Consultation, Edition, EditionFile, EditionSection, Person
from charters.policy import require
from charters.workflow import reason_required, torn_group


@dataclass(frozen=True, slots=True)
class Take:
    """The employer's choice for one section's new revision: take it or not, and why where a reason is required."""

    adopt: bool
    reason: str = ""


@transaction.atomic
def adopt_edition(
    *, consultation: Consultation, by: Person, takes: Mapping[int, Take], effective_date: date
) -> Edition:
    """Adopt the text: for each section the revision taken (`takes` by section id), else the previous edition's, else none.

    Raises BadInput when a written reason is missing (adopting against a result, or without one), when a clause moved
    between two sections would be adopted on one side only, or when the edition would be empty.
    """
    consultation = lock(consultation, "charter")
    charter = lock(consultation.charter)
    require(by, Verb.EDITION_ADOPT, consultation)
    if effective_date < timezone.localdate():
        raise BadInput(_("The date of entry into force must be ahead."), code="past")
    found = candidates(consultation)
    _check_links(found, takes)
    rows = [row for row in (_row(candidate, takes.get(candidate.section.pk)) for candidate in found) if row]
    kept = [row for row in rows if row.revision.kind != RevisionKind.REMOVED]
    if not kept:
        raise BadInput(_("An edition holds at least one section."), code="nothing")
    texts = tuple(revision_text(row.revision) for row in kept)
    canonical = canonical_text(CharterText(title=charter.title, language=charter.language, sections=texts))
    last = charter.editions.order_by("-number").first()
    edition = Edition.objects.create(
        charter=charter,
        consultation=consultation,
        number=last.number + 1 if last else 1,
        title=charter.title,
        company=_company(),
        language=charter.language,
        effective_date=effective_date,
        works_rules=any(binds(text.kind, clause.nature) for text in texts for clause in text.clauses),
        canonical_text=canonical,
        sha256=digest(canonical),
        adopted_by=by,
        adopted_at=timezone.now(),
    )
    for row in rows:
        row.edition = edition
    EditionSection.objects.bulk_create(rows)
    reasons = "\n".join(f"{row.revision.title} – {row.reason}" for row in rows if row.reason)
    record(
        Verb.EDITION_ADOPT,
        edition,
        charter=charter,
        by=by,
        reason=reasons,
        number=edition.number,
        sha256=edition.sha256,
    )
    return edition


@transaction.atomic
def publish_edition(*, edition: Edition, by: Person, content: bytes) -> EditionFile:
    """Record the sealed file of an edition: from now it is published, and any earlier one superseded.

    `content`: the sealed PDF, made by `jobs.publishing`. Raises WrongState when it is already published.
    """
    lock(edition.charter)
    edition = Edition.objects.select_related("charter", "file").defer("file__content").get(pk=edition.pk)
    require(by, Verb.EDITION_PUBLISH, edition)
    file = EditionFile.objects.create(
        edition=edition,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        published_by=by,
        published_at=timezone.now(),
    )
    record(Verb.EDITION_PUBLISH, edition, charter=edition.charter, by=by, number=edition.number, sha256=file.sha256)
    return file


def _company() -> str:
    company = Company.objects.first()
    return company.name if company else _("The company")


def binds(kind: str, nature: str) -> bool:
    """One obligation, or a sanctions clause, puts the edition on the works-rules track (C. trav. L1321-5)."""
    return nature == Nature.OBLIGATION or kind == SectionKind.SANCTIONS


def _check_links(found: list[Candidate], takes: Mapping[int, Take]) -> None:
    chosen = frozenset(
        c.section.pk for c in found if c.revision and c.section.pk in takes and takes[c.section.pk].adopt
    )
    torn = torn_group(linked_groups(found), chosen)
    if torn:
        titles = ", ".join(c.section.title for c in found if c.section.pk in torn)
        message = _("A clause moved between these sections, they are adopted together or not at all: %(titles)s.")
        raise BadInput(message % {"titles": titles}, code="linked")


def _row(candidate: Candidate, take: Take | None) -> EditionSection | None:
    """The line of the edition for one section, not saved yet; None when there is nothing to hold."""
    section, revision, previous = candidate.section, candidate.revision, candidate.previous
    if revision is not None and take is not None and take.adopt:
        reason = reason_text(take.reason)
        if reason_required(candidate.basis) and not reason:
            message = _("Say in writing why you adopt “%(title)s” against the result, or without one.")
            raise BadInput(message % {"title": revision.title}, code="reason")
        return EditionSection(
            section=section, revision=revision, position=revision.position,
            basis=candidate.basis.value, count=candidate.count, reason=reason,
        )  # fmt: skip
    if previous is None or previous.revision.kind == RevisionKind.REMOVED:
        return None
    return EditionSection(
        section=section, revision=previous.revision, position=previous.position,
        basis=Basis.PREVIOUS.value, count=previous.count,
    )  # fmt: skip

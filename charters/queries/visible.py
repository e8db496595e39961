"""What a person may see at all. Every object a view touches is fetched through here: what is not visible is a 404."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from charters.enums import Verb
from charters.models import (
    Charter,
    Clause,
    Consultation,
    Edition,
    Membership,
    Person,
    Poll,
    Revision,
    Section,
    Thread,
)
from charters.policy import decide, remember


def charters(person: Person) -> QuerySet[Charter]:
    """The charters of which the person is a present member."""
    return Charter.objects.filter(memberships__person=person, memberships__left_at=None)


def charter(person: Person, pk: int) -> Charter:
    """One charter, or 404."""
    return get_object_or_404(charters(person), pk=pk)


def reads_working_text(person: Person, of: Charter) -> bool:
    """Whether the working text of a charter is visible to the person."""
    return bool(decide(person, Verb.WORKING_TEXT_READ, of))


def section(person: Person, pk: int) -> Section:
    """A section of a working text that is visible to the person, or 404."""
    found = get_object_or_404(Section.objects.select_related("charter"), pk=pk, charter__in=charters(person))
    return found if reads_working_text(person, found.charter) else get_object_or_404(Section.objects.none())


def clause(person: Person, pk: int) -> Clause:
    """A clause of a working text that is visible to the person, or 404."""
    rows = Clause.objects.select_related("section__charter")
    found = get_object_or_404(rows, pk=pk, section__charter__in=charters(person))
    return found if reads_working_text(person, found.section.charter) else get_object_or_404(Clause.objects.none())


def submitted_clause(person: Person, pk: int) -> Clause:
    """A clause that some submitted, visible revision holds, or 404."""
    held = revisions(person).values("clauses__clause")
    return get_object_or_404(Clause.objects.select_related("section__charter").filter(pk__in=held), pk=pk)


def consultations(person: Person) -> QuerySet[Consultation]:
    """Consultations of the person's charters; those never opened, only where the working text is visible.

    One that was cancelled while planned was never opened: its revisions stay what they were, a working text.
    """
    rows = Consultation.objects.select_related("charter").filter(charter__in=charters(person))
    mine = list(charters(person))
    remember(person, mine)
    drafting = [c.pk for c in mine if reads_working_text(person, c)]
    return rows.filter(Q(opened_at__isnull=False) | Q(charter__in=drafting))


def revisions(person: Person) -> QuerySet[Revision]:
    """Revisions of visible consultations."""
    rows = Revision.objects.select_related("section", "consultation__charter", "end")
    return rows.filter(consultation__in=consultations(person))


def threads(person: Person) -> QuerySet[Thread]:
    """Threads of the person's charters."""
    rows = Thread.objects.select_related("consultation__charter", "clause__section__charter")
    return rows.filter(consultation__charter__in=charters(person))


def polls(person: Person) -> QuerySet[Poll]:
    """Polls of the person's charters."""
    rows = Poll.objects.select_related("consultation__charter", "revision__section", "count")
    return rows.filter(consultation__charter__in=charters(person))


def editions(person: Person) -> QuerySet[Edition]:
    """Editions of the person's charters, without the bytes of their files."""
    rows = Edition.objects.select_related("charter", "consultation", "file", "adopted_by").defer("file__content")
    return rows.filter(charter__in=charters(person))


def memberships(person: Person) -> QuerySet[Membership]:
    """Memberships in the person's charters."""
    rows = Membership.objects.select_related("person", "college", "charter")
    return rows.filter(charter__in=charters(person))

"""People, charters and consultations for tests, made by the product's own acts, so that no test stands on an impossible row.

    w = world()                                          # a charter, and one person of each standing
    consultation = consultation_in(w.charter, ConsultationState.VOTING)
    poll = consultation.polls.first()
    cast_vote(poll=poll, by=w.participant, choice=Choice.FOR)
    close(poll)                                          # its hour is now past, and it is counted

Nothing here needs a name to be unique: pass only what the test is about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from django.utils import timezone

from charters.actions.charters import create_charter
from charters.actions.clauses import add_clause, edit_clause
from charters.actions.consultations import (
    cancel_consultation,
    conclude_consultation,
    end_comments,
    open_consultation,
    plan_consultation,
)
from charters.actions.editions import Take, adopt_edition, publish_edition
from charters.actions.members import invite_member, leave_member
from charters.actions.polls import cast_vote, count_poll, open_polls
from charters.actions.sections import add_section
from charters.actions.threads import answer_thread, open_thread
from charters.documents.snapshots import drafts
from charters.enums import (
    Choice,
    CollegeKind,
    ConsultationState,
    Language,
    Nature,
    ResponseKind,
    Role,
    SectionKind,
    VoiceKind,
)
from charters.models import (
    Charter,
    Clause,
    College,
    Consultation,
    CountRecord,
    Edition,
    Membership,
    Person,
    Poll,
    Section,
    Thread,
    opaque_key,
)
from charters.workflow import CollegeRule

M = TypeVar("M")
_numbers = count(1)
PDF = b"%PDF-1.7\n% stands for the sealed file\n%%EOF\n"


# ── People ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def person(name: str = "", **extra: object) -> Person:
    """Somebody who can sign in by code; with `password=` also by password."""
    name = name or f"Person {next(_numbers)}"
    fields = {"email": f"{opaque_key().lower()}@example.org", "language": Language.ENGLISH.value} | extra
    return Person.objects.create_user(name=name, **fields)


def college(of: Charter, kind: CollegeKind = CollegeKind.EMPLOYEES) -> College:
    """One of the charter's colleges."""
    return of.colleges.get(kind=kind.value)


def membership(
    of: Charter, role: Role = Role.PARTICIPANT, kind: CollegeKind = CollegeKind.EMPLOYEES, who: Person | None = None
) -> Membership:
    """A membership, by invitation of the person who created the charter."""
    who = who or person()
    return invite_member(
        charter=of, by=of.created_by, name=who.name, email=who.email or "", college=college(of, kind), role=role
    )


def member(
    of: Charter, role: Role = Role.PARTICIPANT, kind: CollegeKind = CollegeKind.EMPLOYEES, who: Person | None = None
) -> Person:
    """A person with a role and a college in a charter."""
    return membership(of, role, kind, who).person


def members(of: Charter, number: int, kind: CollegeKind = CollegeKind.EMPLOYEES) -> list[Person]:
    """Several participants of one college."""
    return [member(of, Role.PARTICIPANT, kind) for _ in range(number)]


def former_member(of: Charter, role: Role = Role.ADMINISTRATOR, who: Person | None = None) -> Person:
    """Somebody who had a role in a charter and left."""
    row = membership(of, role, who=who)
    leave_member(membership=row, by=of.created_by)
    return row.person


# ── Text ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def charter(
    by: Person | None = None, *, sections: int = 2, clauses: int = 2, title: str = "Social media charter"
) -> Charter:
    """A small charter in English, whose author is an administrator in the HR college."""
    made = _create(by, title, Language.ENGLISH, from_template=False)
    kinds = [SectionKind.CONDITIONS, SectionKind.PRACTICES, *[SectionKind.CUSTOM] * sections]
    for number in range(sections):
        added = section(made, kind=kinds[number], title=f"Section {number + 1}")
        for rank in range(clauses):
            clause(added, title=f"Clause {number + 1}.{rank + 1}")
    return made


def template_charter(by: Person | None = None, language: Language = Language.FRENCH) -> Charter:
    """A charter from the template: five sections, 34 clauses."""
    return _create(by, "Charte des réseaux sociaux", language, from_template=True)


def _create(by: Person | None, title: str, language: Language, *, from_template: bool) -> Charter:
    """The very first administrator of an installation is its operator: here only for the time of the act."""
    by = by or person("The administrator")
    operator, by.is_superuser = by.is_superuser, True
    try:
        return create_charter(
            by=by, title=title, language=language, college=CollegeKind.HR, from_template=from_template
        )
    finally:
        by.is_superuser = operator


def section(of: Charter, *, kind: SectionKind = SectionKind.CUSTOM, title: str = "A section") -> Section:
    """A section at the end of a charter."""
    return add_section(charter=of, by=of.created_by, kind=kind, title=title, summary="What it is about.")


def clause(
    of: Section, *, title: str = "A clause", body: str = "Be kind to people.", nature: Nature = Nature.RECOMMENDATION
) -> Clause:
    """A clause at the end of a section."""
    return add_clause(section=of, by=of.charter.created_by, title=title, body=body, nature=nature)


def rewrite(of: Clause, body: str, by: Person | None = None) -> Clause:
    """Save other words over the present ones of a clause."""
    of = Clause.objects.select_related("section__charter").get(pk=of.pk)
    return edit_clause(
        clause=of, by=by or of.section.charter.created_by, version=of.version,
        title=of.title, body=body, nature=Nature(of.nature), references=of.references,
    )  # fmt: skip


# ── Consultations ─────────────────────────────────────────────────────────────────────────────────────────────────────
def hours(number: float) -> datetime:
    """So many hours from now."""
    return timezone.now() + timedelta(hours=number)


def planned(
    of: Charter,
    *,
    sections: Iterable[Section] | None = None,
    rules: Mapping[CollegeKind, CollegeRule] | None = None,
    voice_kind: VoiceKind = VoiceKind.PSEUDONYM,
    comment_while_revising: bool = False,
) -> Consultation:
    """A planned consultation on `sections`, or on all that have changed; comments end in a day, the vote in two."""
    chosen = list(sections) if sections is not None else [d.section for d in drafts(of) if d.changed]
    return plan_consultation(
        charter=of,
        by=of.created_by,
        sections=chosen,
        comments_until=hours(24),
        voting_until=hours(48),
        voice_kind=voice_kind,
        comment_while_revising=comment_while_revising,
        rules={college(of, kind): rule for kind, rule in (rules or {}).items()},
    )


def consultation_in(of: Charter, state: ConsultationState, **options: object) -> Consultation:
    """A consultation brought to `state` by the acts that lead there. `options` as for `planned`."""
    by = of.created_by
    consultation = planned(of, **options)  # type: ignore[arg-type]
    if state is ConsultationState.PLANNED:
        return consultation
    consultation = open_consultation(consultation=consultation, by=by)
    if state is ConsultationState.CANCELLED:
        return cancel_consultation(consultation=consultation, by=by, reason="It was planned by mistake.")
    if state is ConsultationState.COMMENTING:
        return consultation
    consultation = end_comments(consultation=consultation, by=by)
    if state is ConsultationState.REVISING:
        return consultation
    open_polls(consultation=consultation, by=by)
    if state is ConsultationState.VOTING:
        return fresh(consultation)
    return concluded(consultation)


def concluded(consultation: Consultation, votes: Mapping[Person, Choice] | None = None) -> Consultation:
    """Cast `votes` in every poll of a voting consultation, count, conclude."""
    for poll in consultation.polls.filter(state="open").order_by("pk"):
        for by, choice in (votes or {}).items():
            cast_vote(poll=poll, by=by, choice=choice)
        close(poll)
    return conclude_consultation(
        consultation=consultation, by=consultation.charter.created_by, reason="Nobody could answer in time."
    )


def past_its_close(poll: Poll) -> Poll:
    """A poll whose hour has come and that nobody has counted yet (the clock cannot be turned, so its date is)."""
    Poll.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    return fresh(poll)


def close(poll: Poll) -> CountRecord:
    """Bring a poll past its close and count it, as the system does."""
    return count_poll(poll=past_its_close(poll))


def thread(on: Consultation, by: Person, clause: Clause | None = None, body: str = "What does this mean?") -> Thread:
    """A thread opened by a member on a clause (or the first one submitted)."""
    clause = clause or first_clause(on)
    return open_thread(consultation=on, clause=clause, by=by, body=body).thread


def answered(of: Thread, body: str = "It means what it says.") -> Thread:
    """The same thread, with a response of the drafters."""
    answer_thread(thread=of, by=of.consultation.charter.created_by, kind=ResponseKind.ANSWERED, body=body)
    return of


def first_clause(of: Consultation) -> Clause:
    """The first clause of the consultation's present text."""
    return of.revisions.filter(end=None).order_by("position").first().clauses.first().clause


# ── Editions ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def adopted(consultation: Consultation, reason: str = "The employer decides so.") -> Edition:
    """The edition of a concluded consultation, every revision taken, with a reason for each."""
    takes = {revision.section_id: Take(adopt=True, reason=reason) for revision in consultation.revisions.all()}
    by = consultation.charter.created_by
    return adopt_edition(consultation=consultation, by=by, takes=takes, effective_date=in_two_months())


def edition(of: Charter, *, published: bool = False) -> Edition:
    """The whole way: consultation, votes for by its author, adoption, and with `published` a file in place of the PDF."""
    consultation = consultation_in(of, ConsultationState.VOTING)
    made = adopted(concluded(consultation, {of.created_by: Choice.FOR}))
    if published:
        publish_edition(edition=made, by=of.created_by, content=PDF)
    return fresh(made)


def in_two_months() -> date:
    """A date of entry into force that is ahead."""
    return timezone.localdate() + timedelta(days=60)


# ── Everybody ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class World:
    """A charter, one person of each standing, and a second charter that none of them knows."""

    charter: Charter
    administrator: Person
    drafter: Person
    participant: Person
    observer: Person
    representative: Person
    former: Person
    stranger: Person
    sections: list[Section] = field(default_factory=list)

    @property
    def clause(self) -> Clause:
        """The first clause of the charter."""
        return self.sections[0].clauses.order_by("position").first()


def world(**options: object) -> World:
    """A charter with members of the four colleges in the four roles, a former administrator, and a stranger.

    `options` as for `charter`. The stranger administers another charter.
    """
    made = charter(**options)  # type: ignore[arg-type]
    stranger = person("A stranger")
    charter(stranger, title="Another company’s charter", sections=1, clauses=1)
    return World(
        charter=made,
        administrator=made.created_by,
        drafter=member(made, Role.DRAFTER, CollegeKind.COMMUNICATIONS),
        participant=member(made, Role.PARTICIPANT, CollegeKind.EMPLOYEES),
        observer=member(made, Role.OBSERVER, CollegeKind.EMPLOYEES),
        representative=member(made, Role.PARTICIPANT, CollegeKind.REPRESENTATIVES),
        former=former_member(made),
        stranger=stranger,
        sections=list(made.sections.order_by("position")),
    )


def fresh(obj: M) -> M:
    """The same row, read again without anything cached on it."""
    row: Any = obj
    return type(row)._default_manager.get(pk=row.pk)

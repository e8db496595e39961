"""A fictional company, its people, and a charter in the middle of its life. Every person and figure is invented.

Everything is done by the product's own actions, with the clock moved back, so that the demonstration cannot hold a state
that the product cannot reach.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from unittest.mock import patch

from django.core import mail
from django.db import transaction
from django.utils import timezone

from charters.actions.charters import create_charter
from charters.actions.clauses import edit_clause
from charters.actions.consultations import (
    conclude_consultation,
    end_comments,
    open_consultation,
    plan_consultation,
)
from charters.actions.editions import Take, adopt_edition
from charters.actions.members import invite_member
from charters.actions.polls import cast_vote, count_poll, open_polls
from charters.actions.revisions import submit_revision
from charters.actions.threads import answer_thread, open_thread, reply_thread, resolve_thread
from charters.documents.contents import candidates
from charters.documents.pdf import pdf_available
from charters.documents.snapshots import drafts
from charters.enums import Choice, CollegeKind, Language, Nature, ResponseKind, Role
from charters.jobs.publishing import publish
from charters.management.demo_words import EDITS_AFTER, EDITS_BEFORE, SECOND_THREADS, THREADS, Said
from charters.models import Charter, Clause, College, Company, Consultation, Person, Poll, Section
from charters.workflow import reason_required

PASSWORD = "charte-ensemble-2026"  # noqa: S105 (printed at the start, for invented people on this machine)
H, M, E, R = CollegeKind.HR, CollegeKind.COMMUNICATIONS, CollegeKind.EMPLOYEES, CollegeKind.REPRESENTATIVES
TITLE = "Charte des médias sociaux"


@dataclass(frozen=True, slots=True)
class Someone:
    """An invented person."""

    name: str
    college: CollegeKind
    role: Role = Role.PARTICIPANT
    shown: bool = False

    @property
    def email(self) -> str:
        """first.last@orvane.example, a domain that cannot exist (RFC 2606)."""
        letters = str.maketrans("éèêëçôöïîâàüû '", "eeeecooiiaauu..")
        return f"{self.name.casefold().translate(letters)}@orvane.example"


PEOPLE = [
    Someone("Camille Besnard", H, Role.ADMINISTRATOR, shown=True),
    Someone("Idris Le Goff", M, Role.DRAFTER, shown=True),
    Someone("Nadia Ferrand", R, shown=True),
    Someone("Élodie Marchetti", E, shown=True),
    Someone("Solène Abgrall", M, Role.OBSERVER, shown=True),
    Someone("Hugo Tanvier", H, Role.DRAFTER),
    Someone("Maud Kerbrat", H),
    Someone("Anaïs Delorme", H),
    Someone("Théo Vasseur", H),
    Someone("Lise Corbin", M),
    Someone("Rachid Amrani", M),
    Someone("Perrine Joly", M),
    Someone("Victor Sauvage", M),
    Someone("Gaëlle Roussin", R),
    Someone("Mehdi Carpentier", R),
    Someone("Yvonne Tessier", R),
    Someone("Paul Lacombe", R),
    Someone("Sofia Brandao", R),
    *(Someone(name, E) for name in (
        "Bastien Corvel", "Inès Monnier", "Karim Belhadj", "Lucie Fontanel", "Marc Aubertin", "Noémie Ricard",
        "Olivier Pastor", "Pauline Verdier", "Quentin Marsan", "Rose Delattre", "Samuel Okoye", "Tiphaine Gallois",
        "Ulysse Bonnard", "Valérie Simonet", "William Perrot", "Xavier Lemoine", "Yasmine Haddad", "Zoé Charpin",
    )),
]  # fmt: skip


@contextmanager
def _on(days_ago: float, hour: int = 10) -> Iterator[datetime]:
    """Run the block as if it were that day, at that hour."""
    day = timezone.localdate() - timedelta(days=days_ago)
    then = timezone.make_aware(datetime.combine(day, time(hour, 12)))
    with patch("django.utils.timezone.now", return_value=then):
        yield then


@transaction.atomic
def load() -> Charter:
    """The company, its people, a charter with an edition in force and a second consultation under way."""
    Company.objects.create(pk=1, name="Orvane", headcount=len(PEOPLE))
    with _on(75):
        people = _people()
        charter = _charter(people)
        _rewrite(charter, people, EDITS_BEFORE)
    first = _first_round(charter, people)
    _adopt(first, people["Camille Besnard"])
    _second_round(charter, people)
    return charter


def _people() -> dict[str, Person]:
    made = {}
    for someone in PEOPLE:
        password = PASSWORD if someone.shown else None
        made[someone.name] = Person.objects.create_user(name=someone.name, email=someone.email, password=password)
    admin = made["Camille Besnard"]
    admin.is_superuser = True  # may create the first charter
    admin.save(update_fields=["is_superuser"])
    return made


def _charter(people: dict[str, Person]) -> Charter:
    admin = people["Camille Besnard"]
    charter = create_charter(by=admin, title=TITLE, language=Language.FRENCH, college=H)
    colleges = {college.kind: college for college in College.objects.filter(charter=charter)}
    with patch.object(mail.EmailMessage, "send"):  # nobody is to be written to
        for someone in PEOPLE:
            if someone.role is not Role.ADMINISTRATOR:
                invite_member(
                    charter=charter, by=admin, name=someone.name, email=someone.email,
                    college=colleges[someone.college.value], role=someone.role,
                )  # fmt: skip
    return charter


def _rewrite(charter: Charter, people: dict[str, Person], edits: list[tuple[str, str, str, str]]) -> None:
    """(author, clause title, words to find, words instead)."""
    for author, title, old, new in edits:
        clause = Clause.objects.get(section__charter=charter, title=title)
        edit_clause(
            clause=clause, by=people[author], version=clause.version, title=clause.title, nature=Nature(clause.nature),
            body=clause.body.replace(old, new), references=clause.references,
        )  # fmt: skip


def _plan(
    charter: Charter, by: Person, sections: list[Section], start: datetime, days: tuple[int, int]
) -> Consultation:
    consultation = plan_consultation(
        charter=charter,
        by=by,
        sections=sections,
        comments_until=_evening(start, days[0]),
        voting_until=_evening(start, days[1]),
        comment_while_revising=True,
    )
    return open_consultation(consultation=consultation, by=by)


def _evening(start: datetime, days: int) -> datetime:
    day = timezone.localtime(start).date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(18, 0)))


def _say(consultation: Consultation, people: dict[str, Person], said: Said) -> None:
    clause = Clause.objects.get(section__charter=consultation.charter, title=said.clause)
    comment = open_thread(consultation=consultation, clause=clause, by=people[said.who], body=said.words)
    for who, words in said.replies:
        reply_thread(thread=comment.thread, by=people[who], body=words)
    if said.answer:
        who, kind, words = said.answer
        answer_thread(thread=comment.thread, by=people[who], kind=ResponseKind(kind), body=words)
        if said.resolved:
            resolve_thread(thread=comment.thread, by=people[who])


def _first_round(charter: Charter, people: dict[str, Person]) -> Consultation:
    admin, drafter = people["Camille Besnard"], people["Idris Le Goff"]
    with _on(70) as start:
        everything = list(charter.sections.all())
        consultation = _plan(charter, admin, everything, start, (18, 30))
    for rank, said in enumerate(THREADS):
        with _on(69 - rank, 9 + rank % 8):
            _say(consultation, people, said)
    with _on(51):
        end_comments(consultation=consultation, by=admin)
        _rewrite(charter, people, EDITS_AFTER)
        for item in drafts(charter):
            if item.changed:
                submit_revision(section=item.section, consultation=consultation, by=drafter)
    with _on(48):
        polls = open_polls(consultation=consultation, by=admin)
    with _on(45, 14):
        for rank, poll in enumerate(polls):
            _vote(poll, people, against=2 + rank, absent=5)
    with _on(39):
        for poll in polls:
            count_poll(poll=poll)
        conclude_consultation(consultation=consultation, by=admin, reason="")
    return consultation


def _vote(poll: Poll, people: dict[str, Person], *, against: int, absent: int) -> None:
    """A believable split: the last `absent` stay away, some vote against, one in nine abstains."""
    voters = [people[s.name] for s in PEOPLE if s.role is not Role.OBSERVER]
    for rank, voter in enumerate(voters[: len(voters) - absent]):
        choice = Choice.AGAINST if rank % 9 == against % 9 or rank % 11 == against else Choice.FOR
        choice = Choice.ABSTAIN if rank % 9 == 4 + against % 3 else choice
        cast_vote(poll=poll, by=voter, choice=choice)


def _adopt(consultation: Consultation, admin: Person) -> None:
    reason = "L’employeur retient ce texte : les réserves exprimées seront reprises dans la prochaine consultation."
    with _on(37):
        takes = {
            c.section.pk: Take(adopt=True, reason=reason if reason_required(c.basis) else "")
            for c in candidates(consultation)
        }
        effective = timezone.localdate() + timedelta(days=40)
        edition = adopt_edition(consultation=consultation, by=admin, takes=takes, effective_date=effective)
    if pdf_available():
        with _on(36):
            publish(edition, admin)


def _second_round(charter: Charter, people: dict[str, Person]) -> None:
    admin = people["Camille Besnard"]
    with _on(6) as start:
        titles = {"Conditions d’usage", "Bonnes pratiques"}
        _rewrite(charter, people, SECOND_EDITS)
        changed = [d.section for d in drafts(charter) if d.changed and d.section.title in titles]
        consultation = _plan(charter, admin, changed, start, (20, 34))
    for rank, said in enumerate(SECOND_THREADS):
        with _on(5 - rank // 2, 9 + rank % 2 * 5):
            _say(consultation, people, said)


SECOND_EDITS = [
    (
        "Idris Le Goff",
        "Dire d’où l’on parle",
        "Cette mention clarifie l’échange",
        "Une mention durable dans le profil suffit ; elle clarifie l’échange",
    ),
    (
        "Hugo Tanvier",
        "Demander conseil, signaler",
        "Poser une question n’expose à aucun reproche.",
        "Une réponse est donnée sous deux jours ouvrés. Poser une question n’expose à aucun reproche.",
    ),
]

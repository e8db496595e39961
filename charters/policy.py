"""Who may do what, and when: one table. `decide` answers, `require` refuses.

A rule has the least role, a test of the person beyond it (`who`), and a test of the moment (`when`). The page « who can
do what » and the matrix test are made from this table, so they cannot drift from it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charters import labels, moments
from charters.enums import Role, Verb
from charters.exceptions import NotPermitted, WrongState
from charters.models import Charter, Membership, Person

Text = str | Promise
ORDER = list(Role)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The act is possible now."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """The act is refused: `wrong_state` tells « not now » (409) from « not you » (403)."""

    reason: Text
    wrong_state: bool = False

    def __bool__(self) -> bool:
        return False


Moment = Callable[[Any, datetime], Text | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. `title` and `moment` are what the page « who can do what » shows."""

    title: Text
    least: Role
    when: Moment | None = None
    moment: Text = _("always")
    who: Callable[[Person, Any], Text | None] | None = None
    by_system: bool = False
    usual: Role | None = None

    @property
    def shown_from(self) -> Role:
        """The least role that the page ticks: `usual` where the lesser ones have it on a condition only."""
        return self.usual or self.least


def _creates_charters(person: Person, _obj: object) -> Text | None:
    if person.is_superuser or _administers_one(person):
        return None
    return _("Only administrators create charters.")


def _administers_one(person: Person) -> bool:
    return Membership.objects.filter(person=person, role=Role.ADMINISTRATOR, left_at=None).exists()


def _on_the_roll(person: Person, poll: Any) -> Text | None:
    if poll.electors.filter(person=person).exists():
        return None
    return _("You are not on the roll of this vote, which was drawn up when it opened.")


def _reads_working_text(person: Person, obj: Any) -> Text | None:
    charter = charter_of(obj)
    membership = membership_in(person, charter)
    if charter.open_drafting or (membership and ORDER.index(Role(membership.role)) >= ORDER.index(Role.DRAFTER)):
        return None
    return _("The working text is read by its drafters until they submit it.")


O, PA, D, A = Role.OBSERVER, Role.PARTICIPANT, Role.DRAFTER, Role.ADMINISTRATOR  # noqa: E741
m = moments

RULES: dict[Verb, Rule] = {
    Verb.CHARTER_READ: Rule(_("Read the editions and the submitted revisions"), O),
    Verb.RIGHTS_READ: Rule(_("See who may do what"), O),
    Verb.MEMBER_READ: Rule(_("See the members"), O),
    Verb.JOURNAL_READ: Rule(_("Read the journal"), O),
    Verb.EDITION_READ: Rule(_("Read an edition"), O),
    Verb.EDITION_DOWNLOAD: Rule(_("Download the sealed document"), O, m.published, _("published edition")),
    Verb.WORKING_TEXT_READ: Rule(
        _("Read the working text and its history"), O, None, _("drafters; everyone if drafting is open"),
        _reads_working_text, usual=D,
    ),
    Verb.THREAD_OPEN: Rule(_("Comment on a clause"), PA, m.commenting, _("comments open")),
    Verb.THREAD_REPLY: Rule(_("Reply to a comment"), PA, m.commenting, _("comments open")),
    Verb.VOTE_CAST: Rule(_("Vote"), PA, m.poll_open, _("vote open, if on the roll"), _on_the_roll),
    Verb.SECTION_ADD: Rule(_("Add a section"), D),
    Verb.SECTION_EDIT: Rule(_("Edit the title of a section"), D, m.not_removed),
    Verb.SECTION_MOVE: Rule(_("Move a section"), D, m.not_removed),
    Verb.SECTION_REMOVE: Rule(_("Remove a section"), D, m.not_removed),
    Verb.SECTION_RESTORE: Rule(_("Bring back a section"), D, m.removed, _("once removed")),
    Verb.CLAUSE_ADD: Rule(_("Add a clause"), D, m.not_removed),
    Verb.CLAUSE_EDIT: Rule(_("Edit a clause"), D, m.not_removed),
    Verb.CLAUSE_MOVE: Rule(_("Move a clause"), D, m.not_removed),
    Verb.CLAUSE_REMOVE: Rule(_("Remove a clause"), D, m.not_removed),
    Verb.CLAUSE_RESTORE: Rule(_("Bring back a clause"), D, m.removed, _("once removed")),
    Verb.CLAUSE_REVERT: Rule(_("Restore an earlier state of a clause"), D, m.not_removed),
    Verb.CONSULTATION_PLAN: Rule(
        _("Submit revisions to a new consultation"), D, m.nothing_under_way, _("no consultation under way")
    ),
    Verb.REVISION_SUBMIT: Rule(
        _("Submit a further revision"), D, m.revisable, _("consultation under way, before the vote")
    ),
    Verb.REVISION_WITHDRAW: Rule(_("Withdraw a revision"), D, m.withdrawable, _("before its count")),
    Verb.THREAD_ANSWER: Rule(_("Answer a thread"), D, m.answerable, _("from the opening to the conclusion")),
    Verb.THREAD_RESOLVE: Rule(_("Mark a thread as resolved"), D, m.resolvable, _("open thread")),
    Verb.THREAD_REOPEN: Rule(_("Reopen a thread"), D, m.reopenable, _("resolved thread")),
    Verb.CHARTER_CREATE: Rule(
        _("Create a charter"), A, None, _("administrators of any charter"), _creates_charters
    ),
    Verb.MEMBER_INVITE: Rule(_("Invite a member"), A),
    Verb.MEMBER_CHANGE: Rule(_("Change a member’s role or group"), A, m.still_member),
    Verb.MEMBER_LEAVE: Rule(_("End a membership"), A, m.still_member),
    Verb.CONSULTATION_OPEN: Rule(_("Open a consultation"), A, m.openable, _("planned consultation")),
    Verb.CONSULTATION_END_COMMENTS: Rule(
        _("End the comments"), A, m.comments_endable, _("comments open"), by_system=True
    ),
    Verb.POLL_OPEN: Rule(_("Open the vote"), A, m.votable, _("comments ended")),
    Verb.POLL_EXTEND: Rule(_("Extend a vote"), A, m.poll_open, _("before the close")),
    Verb.POLL_CANCEL: Rule(_("Cancel a vote"), A, m.poll_cancellable, _("before its count")),
    Verb.POLL_COUNT: Rule(_("Count a vote"), A, m.countable, _("once, after the close, by the system"), by_system=True),
    Verb.CONSULTATION_CONCLUDE: Rule(_("Conclude a consultation"), A, m.concludable, _("every vote counted")),
    Verb.CONSULTATION_CANCEL: Rule(_("Cancel a consultation"), A, m.cancellable, _("until concluded")),
    Verb.EDITION_ADOPT: Rule(_("Adopt an edition"), A, m.adoptable, _("concluded consultation")),
    Verb.EDITION_PUBLISH: Rule(_("Publish the sealed document"), A, m.publishable, _("adopted edition")),
}  # fmt: skip

NOBODY = (
    _("Know who is behind a pseudonym"),
    _("See how somebody voted"),
    _("See partial results"),
)
"""What no role can do through the application (shown on the page « who can do what »)."""


def charter_of(obj: Any) -> Charter:
    """The charter that an object belongs to, by its own path of foreign keys."""
    if isinstance(obj, Charter):
        return obj
    for step in ("charter", "section", "consultation", "poll", "edition"):
        if hasattr(obj, step):
            return charter_of(getattr(obj, step))
    msg = f"{type(obj).__name__} belongs to no charter"
    raise TypeError(msg)


def membership_in(person: Person, charter: Charter) -> Membership | None:
    """The person's present membership, read once per request (the cache lives on the person object)."""
    cache = person.__dict__.setdefault("_memberships", {})
    if charter.pk not in cache:
        cache[charter.pk] = (
            Membership.objects.select_related("college").filter(person=person, charter=charter, left_at=None).first()
        )
    return cache[charter.pk]


def remember(person: Person, charters: Sequence[Charter]) -> None:
    """Read the person's memberships of several charters at once, where each would take its own query."""
    cache = person.__dict__.setdefault("_memberships", {})
    missing = [charter.pk for charter in charters if charter.pk not in cache]
    if len(missing) > 1:
        rows = Membership.objects.select_related("college").filter(person=person, charter__in=missing, left_at=None)
        found = {row.charter_id: row for row in rows}
        cache |= {pk: found.get(pk) for pk in missing}


def decide(person: Person | None, verb: Verb, obj: Any = None, *, now: datetime | None = None) -> Allowed | Denied:
    """Whether `person` (None: the system) may do `verb` to `obj` now; the refusal carries its sentence.

    The right is judged before the moment, so that nobody learns a date that is not theirs to know.
    """
    rule = RULES[verb]
    if refusal := _refused_person(person, rule, verb, obj):
        return Denied(refusal)
    if rule.when and (refusal := rule.when(obj, now or timezone.now())):
        return Denied(refusal, wrong_state=True)
    return Allowed()


def _refused_person(person: Person | None, rule: Rule, verb: Verb, obj: Any) -> Text | None:
    if person is None:
        return None if rule.by_system else _("Only a person can do this.")
    if verb is not Verb.CHARTER_CREATE:
        membership = membership_in(person, charter_of(obj))
        if membership is None:
            return _("You are not a member of this charter.")
        if ORDER.index(Role(membership.role)) < ORDER.index(rule.least):
            return _("Reserved for the role “%(role)s”.") % {"role": labels.ROLE[rule.least]}
    return rule.who(person, obj) if rule.who else None


def require(person: Person | None, verb: Verb, obj: Any = None) -> None:
    """Raise NotPermitted or WrongState unless allowed. The membership is read afresh: rights may just have changed."""
    if person is not None:
        person.__dict__.pop("_memberships", None)
    verdict = decide(person, verb, obj)
    if isinstance(verdict, Denied):
        refusal = WrongState if verdict.wrong_state else NotPermitted
        raise refusal(verdict.reason, code=verb)

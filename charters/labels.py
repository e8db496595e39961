"""What the interface calls each member of `enums`: one place, so that a word is never translated twice."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from charters import enums as e

ROLE = {
    e.Role.OBSERVER: _("Observer"),
    e.Role.PARTICIPANT: _("Participant"),
    e.Role.DRAFTER: _("Drafter"),
    e.Role.ADMINISTRATOR: _("Administrator"),
}
COLLEGE = {
    e.CollegeKind.HR: _("Human resources"),
    e.CollegeKind.COMMUNICATIONS: _("Communications"),
    e.CollegeKind.EMPLOYEES: _("Employees"),
    e.CollegeKind.REPRESENTATIVES: _("Staff representatives"),
    e.CollegeKind.CUSTOM_1: _("Legal"),
    e.CollegeKind.CUSTOM_2: _("IT"),
}
COLLEGE_INITIALS = {
    e.CollegeKind.HR: pgettext_lazy("initials of the college", "HR"),
    e.CollegeKind.COMMUNICATIONS: pgettext_lazy("initials of the college", "C"),
    e.CollegeKind.EMPLOYEES: pgettext_lazy("initials of the college", "E"),
    e.CollegeKind.REPRESENTATIVES: pgettext_lazy("initials of the college", "SR"),
    e.CollegeKind.CUSTOM_1: pgettext_lazy("initials of the college", "L"),
    e.CollegeKind.CUSTOM_2: pgettext_lazy("initials of the college", "IT"),
}
SECTION = {
    e.SectionKind.PREAMBLE: _("Preamble"),
    e.SectionKind.STAKES: _("Stakes and risks"),
    e.SectionKind.CONDITIONS: _("Conditions of use"),
    e.SectionKind.COMMUNICATION: _("Communication policy"),
    e.SectionKind.PRACTICES: _("Good practice"),
    e.SectionKind.SANCTIONS: _("Sanctions and safeguards"),
    e.SectionKind.SITUATIONS: _("Speech situations"),
    e.SectionKind.CUSTOM: _("Other section"),
}
NATURE = {
    e.Nature.INFORMATION: _("Information"),
    e.Nature.RECOMMENDATION: _("Recommendation"),
    e.Nature.LEGAL_REMINDER: _("Legal reminder"),
    e.Nature.OBLIGATION: _("Obligation"),
}
NATURE_MEANING = {
    e.Nature.INFORMATION: _("Explains the context. Binds nobody."),
    e.Nature.RECOMMENDATION: _("Advises. Cannot be grounds for a sanction."),
    e.Nature.LEGAL_REMINDER: _("Quotes a rule that already exists, with its article."),
    e.Nature.OBLIGATION: _(
        "Can be grounds for a sanction. The edition then follows the formalities of the works rules (C. trav. L1321-4, L1321-5)."
    ),
}
CONSULTATION_STATE = {
    e.ConsultationState.PLANNED: _("Planned"),
    e.ConsultationState.COMMENTING: _("Comments open"),
    e.ConsultationState.REVISING: _("Being revised"),
    e.ConsultationState.VOTING: _("Voting"),
    e.ConsultationState.CONCLUDED: _("Concluded"),
    e.ConsultationState.CANCELLED: _("Cancelled"),
}
VOICE_KIND = {
    e.VoiceKind.NAMED: _("Under one’s name"),
    e.VoiceKind.PSEUDONYM: _("Under a stable pseudonym"),
}
REVISION_KIND = {
    e.RevisionKind.NEW: pgettext_lazy("revision", "New section"),
    e.RevisionKind.CHANGED: pgettext_lazy("revision", "Changed section"),
    e.RevisionKind.REMOVED: pgettext_lazy("revision", "Removed section"),
}
REVISION_STATE = {
    e.RevisionState.SUBMITTED: pgettext_lazy("revision", "Submitted"),
    e.RevisionState.REPLACED: pgettext_lazy("revision", "Replaced"),
    e.RevisionState.WITHDRAWN: pgettext_lazy("revision", "Withdrawn"),
    e.RevisionState.DECIDED: pgettext_lazy("revision", "Decided"),
}
THREAD_STATE = {
    e.ThreadState.OPEN: pgettext_lazy("thread", "Open"),
    e.ThreadState.RESOLVED: pgettext_lazy("thread", "Resolved"),
}
ANCHOR_STATE = {
    e.AnchorState.VALID: _("Still valid"),
    e.AnchorState.CHANGED: _("Wording changed since"),
    e.AnchorState.REMOVED: _("Clause removed since"),
}
RESPONSE = {
    e.ResponseKind.ACCEPTED: pgettext_lazy("response", "Accepted"),
    e.ResponseKind.PARTLY: pgettext_lazy("response", "Partly accepted"),
    e.ResponseKind.NOT_ACCEPTED: pgettext_lazy("response", "Not accepted"),
    e.ResponseKind.ANSWERED: pgettext_lazy("response", "Answered"),
}
POLL_STATE = {
    e.PollState.PLANNED: pgettext_lazy("poll", "Planned"),
    e.PollState.OPEN: pgettext_lazy("poll", "Open"),
    e.PollState.COUNTED: pgettext_lazy("poll", "Counted"),
    e.PollState.CANCELLED: pgettext_lazy("poll", "Cancelled"),
}
SECRECY = {
    e.Secrecy.CONFIDENTIAL: _("Confidential"),
    e.Secrecy.NAMED: _("Named"),
    e.Secrecy.SECRET: _("Secret"),
}
CHOICE = {
    e.Choice.FOR: pgettext_lazy("vote", "For"),
    e.Choice.AGAINST: pgettext_lazy("vote", "Against"),
    e.Choice.ABSTAIN: pgettext_lazy("vote", "Abstention"),
}
MAJORITY = {
    e.Majority.RELATIVE: _("More votes for than against"),
    e.Majority.ABSOLUTE: _("More than half of those who voted, abstentions included"),
    e.Majority.TWO_THIRDS: _("At least two thirds of the votes for and against"),
    e.Majority.ROLL: _("More than half of the roll"),
}
DECISION = {
    e.Decision.APPROVED: pgettext_lazy("college", "For"),
    e.Decision.REJECTED: pgettext_lazy("college", "Against"),
    e.Decision.NO_QUORUM: pgettext_lazy("college", "Too few voters"),
}
OUTCOME = {
    e.Outcome.APPROVED: pgettext_lazy("outcome", "Approved"),
    e.Outcome.REJECTED: pgettext_lazy("outcome", "Rejected"),
    e.Outcome.NO_QUORUM: pgettext_lazy("outcome", "Too few voters"),
    e.Outcome.ADVISORY: pgettext_lazy("outcome", "Advisory"),
    e.Outcome.CANCELLED: pgettext_lazy("outcome", "Cancelled"),
}
BASIS = {
    e.Basis.APPROVED: _("Approved by the binding groups"),
    e.Basis.ADVISED: _("Adopted after a favourable opinion"),
    e.Basis.AGAINST: _("Adopted against the result, with a written reason"),
    e.Basis.UNVOTED: _("Adopted without a result, with a written reason"),
    e.Basis.PREVIOUS: _("Kept from the previous edition"),
}
EDITION_STATE = {
    e.EditionState.ADOPTED: _("Adopted, not yet published"),
    e.EditionState.PUBLISHED: _("Published"),
    e.EditionState.SUPERSEDED: _("Superseded"),
}


def label(value: object) -> object:
    """The label of any enum member, whatever its list."""
    return _BY_TYPE[type(value)][value]  # type: ignore[index]


_BY_TYPE = {
    type(next(iter(table))): table
    for table in (
        ROLE, COLLEGE, SECTION, NATURE, CONSULTATION_STATE, VOICE_KIND, REVISION_KIND, REVISION_STATE, THREAD_STATE,
        ANCHOR_STATE, RESPONSE, POLL_STATE, SECRECY, CHOICE, MAJORITY, DECISION, OUTCOME, BASIS, EDITION_STATE,
    )
}  # fmt: skip


def choices(table: dict) -> list[tuple[str, object]]:
    """`choices` of a model or form field, from one of the tables above."""
    return [(member.value, text) for member, text in table.items()]

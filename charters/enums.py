"""The closed lists of the product, as plain strings (no Django here: `workflow` must be readable as plain Python).

French and English names live in `labels.py`.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a person may do in a charter; independent of the college."""

    OBSERVER = "observer"
    PARTICIPANT = "participant"
    DRAFTER = "drafter"
    ADMINISTRATOR = "administrator"


class CollegeKind(StrEnum):
    """Stakeholders counted separately."""

    HR = "hr"
    COMMUNICATIONS = "communications"
    EMPLOYEES = "employees"
    REPRESENTATIVES = "representatives"
    CUSTOM_1 = "custom-1"
    CUSTOM_2 = "custom-2"


class SectionKind(StrEnum):
    """The standard sections of a social media charter, and free ones."""

    PREAMBLE = "preamble"
    STAKES = "stakes"
    CONDITIONS = "conditions"
    COMMUNICATION = "communication"
    PRACTICES = "practices"
    SANCTIONS = "sanctions"
    SITUATIONS = "situations"
    CUSTOM = "custom"


class Nature(StrEnum):
    """How strongly a clause binds; an obligation opens the works-rules track (C. trav. L1321-5)."""

    INFORMATION = "information"
    RECOMMENDATION = "recommendation"
    LEGAL_REMINDER = "legal_reminder"
    OBLIGATION = "obligation"


class ConsultationState(StrEnum):
    """Stored; changed only by actions. Whether a window is open is read from the clock."""

    PLANNED = "planned"
    COMMENTING = "commenting"
    REVISING = "revising"
    VOTING = "voting"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


class VoiceKind(StrEnum):
    """How people speak in a consultation; announced before anyone writes."""

    NAMED = "named"
    PSEUDONYM = "pseudonym"


class RevisionKind(StrEnum):
    """What a revision does to its section."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"


class RevisionState(StrEnum):
    """`submitted` is the absence of an end; the other three are rows of `RevisionEnd`."""

    SUBMITTED = "submitted"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"


class ThreadState(StrEnum):
    """A discussion is open or resolved."""

    OPEN = "open"
    RESOLVED = "resolved"


class AnchorState(StrEnum):
    """What became of the words a thread speaks of, in the revision it is carried to."""

    VALID = "valid"
    CHANGED = "changed"
    REMOVED = "removed"


class ResponseKind(StrEnum):
    """The drafters' published answer to a thread."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    NOT_ACCEPTED = "not_accepted"
    ANSWERED = "answered"


class PollState(StrEnum):
    """The question put on one revision."""

    PLANNED = "planned"
    OPEN = "open"
    COUNTED = "counted"
    CANCELLED = "cancelled"


class Secrecy(StrEnum):
    """`secret` (detached ballots) comes with the decision stage; it is not offered yet."""

    CONFIDENTIAL = "confidential"
    NAMED = "named"
    SECRET = "secret"  # noqa: S105 (a mode of voting, not a credential)


class Choice(StrEnum):
    """A vote."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Majority(StrEnum):
    """The rule a college's votes are measured by."""

    RELATIVE = "relative"
    ABSOLUTE = "absolute"
    TWO_THIRDS = "two_thirds"
    ROLL = "roll"


class Decision(StrEnum):
    """What one college said."""

    APPROVED = "approved"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"


class Outcome(StrEnum):
    """What a poll says, over its colleges (product.md, « outcome of a poll »)."""

    APPROVED = "approved"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"
    ADVISORY = "advisory"
    CANCELLED = "cancelled"


class Basis(StrEnum):
    """Why a section stands in an edition as it does."""

    APPROVED = "approved"
    ADVISED = "advised"
    AGAINST = "against"
    UNVOTED = "unvoted"
    PREVIOUS = "previous"


class EditionState(StrEnum):
    """Derived from rows: an edition is prepared on a page, adopted by its row, published by its file."""

    ADOPTED = "adopted"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Language(StrEnum):
    """Languages of the interface and of charters."""

    FRENCH = "fr"
    ENGLISH = "en"


class Verb(StrEnum):
    """Everything a person can do: the policy key, the journal's action, the URL's name, the function's name."""

    CHARTER_CREATE = "charter_create"
    CHARTER_READ = "charter_read"
    RIGHTS_READ = "rights_read"
    MEMBER_READ = "member_read"
    MEMBER_INVITE = "member_invite"
    MEMBER_CHANGE = "member_change"
    MEMBER_LEAVE = "member_leave"
    WORKING_TEXT_READ = "working_text_read"
    SECTION_ADD = "section_add"
    SECTION_EDIT = "section_edit"
    SECTION_MOVE = "section_move"
    SECTION_REMOVE = "section_remove"
    SECTION_RESTORE = "section_restore"
    CLAUSE_ADD = "clause_add"
    CLAUSE_EDIT = "clause_edit"
    CLAUSE_MOVE = "clause_move"
    CLAUSE_REMOVE = "clause_remove"
    CLAUSE_RESTORE = "clause_restore"
    CLAUSE_REVERT = "clause_revert"
    REVISION_SUBMIT = "revision_submit"
    REVISION_WITHDRAW = "revision_withdraw"
    CONSULTATION_PLAN = "consultation_plan"
    CONSULTATION_OPEN = "consultation_open"
    CONSULTATION_END_COMMENTS = "consultation_end_comments"
    CONSULTATION_CONCLUDE = "consultation_conclude"
    CONSULTATION_CANCEL = "consultation_cancel"
    THREAD_OPEN = "thread_open"
    THREAD_REPLY = "thread_reply"
    THREAD_ANSWER = "thread_answer"
    THREAD_RESOLVE = "thread_resolve"
    THREAD_REOPEN = "thread_reopen"
    POLL_OPEN = "poll_open"
    POLL_EXTEND = "poll_extend"
    POLL_CANCEL = "poll_cancel"
    POLL_COUNT = "poll_count"
    VOTE_CAST = "vote_cast"
    EDITION_ADOPT = "edition_adopt"
    EDITION_PUBLISH = "edition_publish"
    EDITION_READ = "edition_read"
    EDITION_DOWNLOAD = "edition_download"
    JOURNAL_READ = "journal_read"

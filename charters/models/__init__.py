"""The rows. No business rule in `save()`, no custom signal: stored state changes only in `actions`."""

from charters.models.activity import Activity, ActivityDetail, ActivityHead
from charters.models.charter import Charter, Section
from charters.models.clause import Clause
from charters.models.comment import Anchor, Comment, Response, Thread
from charters.models.edition import Edition, EditionFile, EditionSection
from charters.models.people import College, Company, Membership, Person, fold_email, opaque_key
from charters.models.poll import CountRecord, Elector, Poll, PollCollege, Vote
from charters.models.revision import CollegeRule, Consultation, Revision, RevisionClause, RevisionEnd, Voice

__all__ = [
    "Activity", "ActivityDetail", "ActivityHead", "Anchor", "Charter", "Clause", "College", "CollegeRule", "Comment",
    "Company", "Consultation", "CountRecord", "Edition", "EditionFile", "EditionSection", "Elector", "Membership",
    "Person", "Poll", "PollCollege", "Response", "Revision", "RevisionClause", "RevisionEnd", "Section", "Thread",
    "Voice", "Vote", "fold_email", "opaque_key",
]  # fmt: skip

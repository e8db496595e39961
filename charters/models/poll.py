"""Voting: the question, its frozen roll and rules, votes, and the record of the count."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from charters import labels
from charters.enums import Choice, Outcome, PollState
from charters.models.people import College, opaque_key
from charters.models.revision import Consultation, Revision

REASON_MAX = 1_000


class Poll(models.Model):
    """The question put on one revision. `sha256` repeats the revision's digest as frozen when the poll opened."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="polls")
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="poll")
    state = models.CharField(max_length=10, choices=labels.choices(labels.POLL_STATE), default="planned")
    sha256 = models.CharField(max_length=64)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closes_at = models.DateTimeField()
    cancel_reason = models.TextField(blank=True, max_length=4000)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in PollState]), name="poll_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"]) | Q(opened_at__isnull=False), name="poll_opened_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"poll on {self.revision}"


class PollCollege(models.Model):
    """One college in one poll: the rule and the size of the roll, frozen at opening."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="colleges")
    college = models.ForeignKey(College, models.PROTECT, related_name="+")
    binding = models.BooleanField()
    majority = models.CharField(max_length=12, choices=labels.choices(labels.MAJORITY))
    quorum_percent = models.PositiveSmallIntegerField()
    secrecy = models.CharField(max_length=12, choices=labels.choices(labels.SECRECY))
    roll_size = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["college__position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["poll", "college"], name="poll_college_once")]

    def __str__(self) -> str:
        return f"{self.college} in {self.poll_id}"


class Elector(models.Model):
    """A line of the roll, frozen when the poll opens; marked once, when the person votes (émargement).

    `key` stands for the elector in the journal, so that it does not say who voted.
    """

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="electors")
    poll_college = models.ForeignKey(PollCollege, models.PROTECT, related_name="electors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=22, unique=True, default=opaque_key, editable=False)
    marked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["poll", "person"], name="elector_once_per_poll")]

    def __str__(self) -> str:
        return f"elector {self.key}"


class Vote(models.Model):
    """A confidential or named vote: stored with its elector, so that it can be changed until the close; shown to nobody."""

    elector = models.OneToOneField(Elector, models.PROTECT, related_name="vote")
    choice = models.CharField(max_length=8, choices=labels.choices(labels.CHOICE))
    reason = models.TextField(blank=True, max_length=REASON_MAX)
    cast_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(choice__in=[c.value for c in Choice]), name="vote_choice_known")
        ]

    def __str__(self) -> str:
        return f"vote of {self.elector_id}"


class CountRecord(models.Model):
    """The counted result of a poll, made once, after the close; immutable.

    `results`: one object per college, in order: {"college": kind, "college_id", "name" (fr/en), "roll", "for", "against",
    "abstain", "binding", "majority", "quorum_percent", "quorum_required", "decision", "secrecy"}. `sha256` is the digest
    of the voted text.
    """

    poll = models.OneToOneField(Poll, models.PROTECT, related_name="count")
    outcome = models.CharField(max_length=10, choices=labels.choices(labels.OUTCOME))
    results = models.JSONField()
    sha256 = models.CharField(max_length=64)
    closed_at = models.DateTimeField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=[o.value for o in Outcome]), name="count_outcome_known")
        ]

    def __str__(self) -> str:
        return f"count of {self.poll_id}: {self.outcome}"


__all__ = ["College", "CountRecord", "Elector", "Poll", "PollCollege", "Vote"]

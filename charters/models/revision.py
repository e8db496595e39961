"""Consultations, and the numbered, immutable snapshots of sections submitted to them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from charters import labels
from charters.enums import ConsultationState, Majority, RevisionState, Secrecy, VoiceKind
from charters.models.charter import Charter, Section
from charters.models.clause import Clause
from charters.models.people import College, opaque_key


class Consultation(models.Model):
    """A round on the revisions of one charter, with its phases, calendar and rules.

    `state` is stored and changes only in actions; the windows are read from the clock (`comments_until`,
    `voting_until`), after the row is locked.
    """

    charter = models.ForeignKey(Charter, models.PROTECT, related_name="consultations")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=labels.choices(labels.CONSULTATION_STATE), default="planned")
    voice_kind = models.CharField(max_length=10, choices=labels.choices(labels.VOICE_KIND), default="pseudonym")
    comment_while_revising = models.BooleanField(default=False)
    comments_until = models.DateTimeField()
    voting_until = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    conclusion_reason = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["charter", "number"], name="consultation_number_once"),
            # two rounds at once on one charter would leave nobody sure which text is asked about
            models.UniqueConstraint(
                fields=["charter"],
                condition=Q(state__in=["planned", "commenting", "revising", "voting"]),
                name="consultation_one_under_way",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ConsultationState]), name="consultation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(voice_kind__in=[v.value for v in VoiceKind]), name="consultation_voice_known"
            ),
            models.CheckConstraint(
                condition=Q(voting_until__gt=F("comments_until")), name="consultation_vote_after_comments"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charter} n° {self.number}"


class CollegeRule(models.Model):
    """How one college will be counted in a consultation; copied into the poll, and so frozen, when voting opens."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="rules")
    college = models.ForeignKey(College, models.PROTECT, related_name="+")
    binding = models.BooleanField(default=False)
    majority = models.CharField(max_length=12, choices=labels.choices(labels.MAJORITY), default="relative")
    quorum_percent = models.PositiveSmallIntegerField(default=0)
    secrecy = models.CharField(max_length=12, choices=labels.choices(labels.SECRECY), default="confidential")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consultation", "college"], name="rule_once_per_college"),
            models.CheckConstraint(condition=Q(quorum_percent__lte=100), name="rule_quorum_is_a_share"),
            models.CheckConstraint(condition=Q(majority__in=[m.value for m in Majority]), name="rule_majority_known"),
            models.CheckConstraint(condition=Q(secrecy__in=[s.value for s in Secrecy]), name="rule_secrecy_known"),
        ]

    def __str__(self) -> str:
        return f"{self.college}: {self.majority}"


class Revision(models.Model):
    """A numbered snapshot of one section. Immutable in the database; what becomes of it is a `RevisionEnd`.

    `sha256` is the digest of the section's canonical text (`documents.canonical`), clause numbers included.
    """

    section = models.ForeignKey(Section, models.PROTECT, related_name="revisions")
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=labels.choices(labels.REVISION_KIND))
    position = models.BigIntegerField()
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=400, blank=True)
    prefix = models.CharField(max_length=3)
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["position", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=Q(kind__in=["new", "changed", "removed"]), name="revision_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"


class RevisionClause(models.Model):
    """One clause as it stood in a revision; immutable."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="clauses")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="snapshots")
    ordinal = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    body = models.TextField()
    html = models.TextField()
    nature = models.CharField(max_length=20, choices=labels.choices(labels.NATURE))
    references = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "clause"], name="revision_clause_once"),
            models.UniqueConstraint(fields=["revision", "ordinal"], name="revision_ordinal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def reference_list(self) -> tuple[str, ...]:
        """The legal references, one a line in the stored text."""
        return tuple(line for line in self.references.split("\n") if line)


class RevisionEnd(models.Model):
    """What became of a revision: replaced by a further one, withdrawn, or decided by a count. Immutable, one a revision."""

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="end")
    state = models.CharField(max_length=10, choices=labels.choices(labels.REVISION_STATE))
    replaced_by = models.OneToOneField(Revision, models.PROTECT, null=True, related_name="replaces")
    reason = models.TextField(blank=True, max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=RevisionState.REPLACED.value, replaced_by__isnull=False)
                | Q(state__in=[RevisionState.WITHDRAWN.value, RevisionState.DECIDED.value], replaced_by=None),
                name="revision_end_consistent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.state}"


class Voice(models.Model):
    """How a person speaks in one consultation: named, or under a pseudonym stable within it.

    No screen, mail, export, log, journal or admin page follows `person` from here when the kind is pseudonym.
    `ordinal` is drawn at random within the consultation: it tells neither who came first nor the college.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="voices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    college = models.ForeignKey(College, models.PROTECT, related_name="+")
    key = models.CharField(max_length=22, unique=True, default=opaque_key, editable=False)
    kind = models.CharField(max_length=10, choices=labels.choices(labels.VOICE_KIND))
    ordinal = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consultation", "person"], name="voice_once_per_person"),
            models.UniqueConstraint(fields=["consultation", "ordinal"], name="voice_ordinal_once"),
        ]

    def __str__(self) -> str:
        return f"voice {self.ordinal}"

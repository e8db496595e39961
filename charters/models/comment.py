"""Discussion: threads anchored to clauses, comments under a voice, and the drafters' published responses."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from charters import labels
from charters.enums import ResponseKind, ThreadState
from charters.models.clause import Clause
from charters.models.people import opaque_key
from charters.models.revision import Consultation, Revision, RevisionClause, Voice

COMMENT_MAX = 4_000


class Thread(models.Model):
    """A discussion on a clause, in one consultation; carried from revision to revision by its anchors."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="threads")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="threads")
    key = models.CharField(max_length=22, unique=True, default=opaque_key, editable=False)
    state = models.CharField(max_length=10, choices=labels.choices(labels.THREAD_STATE), default="open")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ThreadState]), name="thread_state_known"),
        ]

    def __str__(self) -> str:
        return f"thread {self.key}"


class Anchor(models.Model):
    """Where a thread holds on to one revision: the whole clause, or (from the deliberation stage) a passage.

    One anchor per revision that the thread is carried to; `state` says what became of the clause's words there.
    """

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="anchors")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="anchors")
    snapshot = models.ForeignKey(RevisionClause, models.PROTECT, null=True, related_name="anchors")
    state = models.CharField(max_length=10, choices=labels.choices(labels.ANCHOR_STATE), default="valid")

    class Meta:
        ordering: ClassVar = ["pk"]  # the order in which the thread was carried over
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["thread", "revision"], name="anchor_once_per_revision"),
            models.CheckConstraint(
                condition=Q(state="removed", snapshot=None) | Q(state__in=["valid", "changed"], snapshot__isnull=False),
                name="anchor_consistent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread} in {self.revision}"


class Comment(models.Model):
    """One message of a thread. It points to a voice, never to a person. `html` is rendered when it is written."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="comments")
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="comments")
    key = models.CharField(max_length=22, unique=True, default=opaque_key, editable=False)
    body = models.TextField(max_length=COMMENT_MAX)
    html = models.TextField(editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(body=""), name="comment_has_words")]

    def __str__(self) -> str:
        return f"comment {self.key}"


class Response(models.Model):
    """The drafters' answer to a thread, with its reason, published under the drafter's name. The last one stands."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="responses")
    kind = models.CharField(max_length=14, choices=labels.choices(labels.RESPONSE))
    body = models.TextField(max_length=COMMENT_MAX)
    html = models.TextField(editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in ResponseKind]), name="response_kind_known"),
            models.CheckConstraint(condition=~Q(body=""), name="response_has_reason"),
        ]

    def __str__(self) -> str:
        return f"response to {self.thread_id}"

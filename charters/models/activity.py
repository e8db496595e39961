"""The journal: who did what, when, why. Append-only, one hash chain per charter."""

from typing import ClassVar

from django.db import models

from charters.models.charter import Charter


class ActivityHead(models.Model):
    """The end of a charter's chain; locked while an entry is appended, so that the chain has no fork."""

    charter = models.OneToOneField(Charter, models.PROTECT, related_name="activity_head")
    sequence = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"head of {self.charter_id}"


class Activity(models.Model):
    """One entry; immutable. `hash` covers the previous hash and every column but itself.

    `actor_key` is opaque: a person's key, or the key of a voice or an elector where a name must not appear, or
    "system". `payload_digest` is a salted digest of the side row, so that this can be redacted without breaking the chain.
    """

    charter = models.ForeignKey(Charter, models.PROTECT, related_name="activities")
    sequence = models.PositiveBigIntegerField()
    verb = models.CharField(max_length=40)
    actor_key = models.CharField(max_length=22)
    object_type = models.CharField(max_length=30)
    object_id = models.PositiveBigIntegerField()
    payload_digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-sequence"]
        verbose_name_plural = "activities"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["charter", "sequence"], name="activity_sequence_once"),
            models.UniqueConstraint(fields=["charter", "hash"], name="activity_hash_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb}"


class ActivityDetail(models.Model):
    """What an entry is about, in words, with the reason given: the part that can be redacted (`redacted_at`)."""

    activity = models.OneToOneField(Activity, models.PROTECT, related_name="detail")
    payload = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    salt = models.CharField(max_length=32)
    redacted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"detail of {self.activity_id}"

"""Rows of presence: raw evidence, written by heartbeats and scans, read when a day is closed."""

from typing import ClassVar

from django.db import models


class Sitting(models.Model):
    """One page before which one person sits; the stretch that still grows is kept here, one UPDATE a heartbeat."""

    PERSONAL = ("person",)

    person = models.CharField(max_length=120)
    session = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    seq = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField()
    # The stretch that grows with each heartbeat; media in milliseconds.
    from_at = models.DateTimeField(null=True)
    reach_at = models.DateTimeField(null=True)
    media = models.BigIntegerField(null=True)
    # When the person was last proven to be there, and the check that waits for an answer.
    proof_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=10, blank=True)

    stretches: models.Manager["Stretch"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(ended_at=None), name="presence_one_stream"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "opened_at"], name="presence_person"),
                             models.Index(fields=["session"], name="presence_session")]


class Stretch(models.Model):
    """A stretch of a sitting that grows no more."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="stretches")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    media = models.BigIntegerField(null=True)


class Check(models.Model):
    """Somebody was asked whether they are there; unanswered, nothing since `since_at` counts."""

    PERSONAL = ("person",)

    person = models.CharField(max_length=120)
    since_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    limit_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "asked_at"], name="presence_checks")]


class Scan(models.Model):
    """One scan at a door; the gate gives the key, so that the same scan sent twice is one."""

    PERSONAL = ("person",)

    key = models.CharField(max_length=64, primary_key=True)
    person = models.CharField(max_length=120)
    place = models.CharField(max_length=120)
    way = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["place", "at"], name="presence_scans")]

"""Notices as they wait, arrive and are read."""

from datetime import datetime, timedelta

from django.db import models

STALE = timedelta(minutes=10)  # a letter claimed longer ago was in the hands of a killed worker


class Notice(models.Model):
    """One notice to one person, in their inbox from the moment its act is committed."""

    PERSONAL = ("to", "context")

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=300, unique=True)
    to = models.CharField(max_length=120)
    template = models.CharField(max_length=64)
    context = models.JSONField(default=dict)
    about = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
        indexes = [
            models.Index(fields=["to", "-made_at"], name="inbox"),
            models.Index(fields=["to"], condition=models.Q(read_at=None), name="unread"),
        ]


class LetterQuerySet(models.QuerySet["Letter"]):
    """Sets of letters."""

    def next_locked(self, *, now: datetime) -> "Letter | None":
        """Lock the next letter to send, passing over those another worker holds."""
        due = models.Q(state="waiting", due_at__lte=now) | models.Q(state="sending", claimed_at__lte=now - STALE)
        rows = self.filter(due).select_related("notice").order_by("pk")
        return rows.select_for_update(skip_locked=True, of=("self",)).first()


class Letter(models.Model):
    """One way out of the house for a notice: waiting, sending, sent, without address, or dead."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="one_letter")]
        indexes = [models.Index(fields=["state", "due_at"], name="letters_due")]

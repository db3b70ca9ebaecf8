"""The tables of account security."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

SYSTEM, SECURITY, AUDIT = "system_admin", "security_admin", "audit_admin"
ADMINISTRATIONS = (SYSTEM, SECURITY, AUDIT)


class GrantQuerySet(StatedQuerySet):
    """Names the sets of grants."""

    def on(self, day: date) -> "GrantQuerySet":
        """Return the grants that hold on a day (half-open)."""
        return self.filter(from_on__lte=day).filter(Q(until_on=None) | Q(until_on__gt=day))

    def not_over(self, day: date) -> "GrantQuerySet":
        """Return the grants that hold on a day or will hold later."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=day))

    def held_locked(self, *, role: str, day: date) -> "list[Grant]":
        """Lock every grant of a role that holds on a day, in the order of their keys."""
        return list(self.on(day).filter(role=role).select_for_update().order_by("pk"))


class Grant(Stated):
    """One administration given to one account, from when until when and by whom."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(one, one) for one in ADMINISTRATIONS])
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    by = models.CharField(max_length=120)
    reason = models.CharField(max_length=200)

    objects = GrantQuerySet.as_manager()
    PERSONAL = ("reason",)

    class Meta:
        app_label = "security"
        ordering = ("role", "-from_on")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="grant_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["account"], name="grant_one_open", condition=Q(until_on=None)),
        ]

    @property
    def ref(self) -> Ref:
        """The grant's name in facts."""
        return ref("security.grant", self.pk)


class PastPassword(Stated):
    """The hash of a password used before, so that it is not used again."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="past_passwords")
    hash = models.CharField(max_length=200)
    until_on = models.DateField()

    class Meta:
        app_label = "security"
        ordering = ("-pk",)


class OpenSession(models.Model):
    """Where an account is signed in now: what its owner sees and can end."""

    key = models.CharField(max_length=40, primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="open_sessions")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)

    PERSONAL = ("ip", "browser")

    class Meta:
        app_label = "security"
        ordering = ("-seen_at",)


class Ending(models.Model):
    """Since when what was handed out to somebody, signed, counts no more; dropped after half a day."""

    who = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField(db_index=True)

    PERSONAL = ("who",)

    class Meta:
        app_label = "security"


class LogEntry(models.Model):
    """One line of the security log: who tried what from where; each is linked to the one before.

    The log is no fact: there are many lines, they hold addresses of machines, and they may be dropped
    after their time. Each night a fact seals the day's last link into the ledger.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=40)
    account = models.CharField(max_length=120, blank=True)
    ip = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=64)

    PERSONAL = ("ip", "browser", "detail")

    class Meta:
        app_label = "security"
        ordering = ("-number",)
        indexes = [
            models.Index(fields=["kind", "-number"], name="security_log_kind"),
            models.Index(fields=["account", "-number"], name="security_log_account"),
        ]


class LogHead(models.Model):
    """The one row that writers of the security log lock: how far the chain reaches."""

    number = models.BigIntegerField(default=0)
    link = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        app_label = "security"


class Tally(models.Model):
    """How often one key asked for one thing within one window of time."""

    key = models.CharField(max_length=64, primary_key=True)
    span = models.BigIntegerField()
    times = models.PositiveIntegerField()
    until_at = models.BigIntegerField(db_index=True)  # seconds of the epoch; swept at night

    class Meta:
        app_label = "security"


class ExportRequest(Stated):
    """An export with sensitive columns: asked by one person, approved by another, fetched once."""

    class State(models.TextChoices):
        """Where the request stands."""

        ASKED = "asked"
        APPROVED = "approved"
        DECLINED = "declined"
        FETCHED = "fetched"

    export = models.CharField(max_length=120)
    query = models.TextField(blank=True)
    columns = models.JSONField()
    rows = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports_asked")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="exports_decided"
    )
    decided_at = models.DateTimeField(null=True)
    open_until = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)

    PERSONAL = ("query", "reason")

    class Meta:
        app_label = "security"
        ordering = ("-asked_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="export_needs_a_second_person"
            ),
        ]

    @property
    def ref(self) -> Ref:
        """The request's name in facts."""
        return ref("security.export", self.pk)

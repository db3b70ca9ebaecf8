"""The lists of account security."""

from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.facts import fact_types
from xinglin.kernel.policy import Verdict
from xinglin.shell.tables import Choice, Column, Segment, Table

from ...accounts import Account
from ..log import KINDS
from ..models import Grant, LogEntry
from ..policy import exports_seen, may_see_log
from .forms import ROLE_WORDS

KIND_WORDS = {
    "signed_in": _("Signed in"), "sign_in_failed": _("Wrong password"), "shut_out": _("Shut out"),
    "signed_out": _("Signed out"), "idle_out": _("Signed out when idle"), "session_ended": _("Signed out elsewhere"),
    "factor_failed": _("Wrong one-time password"), "code_sent": _("Code sent"), "code_failed": _("Wrong code"),
    "refused": _("Refused"), "rate_exceeded": _("Asked too often"), "recovery_asked": _("Recovery asked for"),
    "host_refused": _("Wrong host name"),
}  # fmt: skip
ACCOUNT_STATES = {
    "active": ("ok", _("Active")), "new": ("off", _("Not activated")), "stopped": ("bad", _("Stopped")),
}  # fmt: skip
EXPORT_STATES = {
    "asked": ("warn", _("Waiting")), "approved": ("ok", _("Approved")), "declined": ("off", _("Declined")),
    "fetched": ("done", _("Fetched")),
}  # fmt: skip


def state_of(account: Account) -> str:
    """Return whether an account is active, not activated or stopped."""
    if account.is_active and account.activated_on:
        return "active"
    return "stopped" if account.activated_on else "new"


class AccountTable(Table):
    """Every account; numbers and addresses are masked."""

    code = "security.accounts"
    title = _("Accounts")
    search = ("username", "person__name")
    order = ("username",)
    segments = (
        Segment("all", _("All")),
        Segment("administration", _("Administrations"), where=Q(purpose=Account.Purpose.ADMINISTRATION)),
        Segment("new", _("Not activated"), where=Q(activated_on=None)),
        Segment("stopped", _("Stopped"), where=Q(is_active=False, activated_on__isnull=False)),
    )
    columns = (
        Column("username", _("User name"), sort=True, at="name", link=lambda one: f"/security/accounts/{one.pk}/"),
        Column("person", _("Person"), value="person.name"),
        Column("state", _("State"), value=state_of, kind="status", words=ACCOUNT_STATES, at="status"),
        Column("email", _("E-mail"), sensitive=True, hidden=True),
        Column("mobile", _("Mobile number"), sensitive=True),
        Column("last_login", _("Last sign-in"), kind="datetime", sort=True),
        Column("password_changed_on", _("Password of"), kind="date", sort=True, hidden=True),
    )

    def rows(self) -> Any:
        return Account.objects.select_related("person")


class GrantTable(Table):
    """Who administers and who did."""

    code = "security.grants"
    title = _("Administrations")
    order = ("role", "-from_on")
    columns = (
        Column("account", _("Account"), value="account.username", at="name"),
        Column("person", _("Person"), value="account.person.name"),
        Column("role", _("Administration"), value=lambda one: ROLE_WORDS[one.role]),
        Column("from_on", _("From"), kind="date", sort=True),
        Column("until_on", _("Until"), kind="date", sort=True),
        Column("by", _("Granted by"), kind="ref"),
        Column("reason", _("Reason")),
    )

    def rows(self) -> Any:
        return Grant.objects.select_related("account__person")


class LogTable(Table):
    """The security log: sign-ins, failures, refusals."""

    code = "security.log"
    title = _("Security log")
    order = ("-number",)
    search = ("detail", "ip")
    filters = (Choice("kind", _("Kind"), lookup="kind", options=tuple((one, KIND_WORDS[one]) for one in KINDS)),)
    columns = (
        Column("number", _("No."), kind="id", sort=True),
        Column("at", _("When"), kind="datetime", sort=True, at="name"),
        Column("kind", _("What"), value=lambda one: KIND_WORDS[one.kind], at="status"),
        Column("account", _("Account"), kind="ref"),
        Column("ip", _("From where")),
        Column("detail", _("Detail")),
        Column("browser", _("Browser"), hidden=True),
    )

    def rows(self) -> Any:
        return LogEntry.objects.all()

    def may_export(self, *, actor: Actor) -> Verdict:
        return may_see_log(actor=actor)


class ActTable(Table):
    """What was done: every sealed fact with who did it."""

    code = "security.acts"
    title = _("What was done")
    order = ("-position",)
    search = ("type", "actor")
    columns = (
        Column("position", _("No."), kind="id", sort=True),
        Column("recorded_at", _("When"), kind="datetime", at="name"),
        Column("type", _("What"), value=lambda one: said(one.type)),
        Column("actor", _("By"), kind="ref"),
        Column("happened_on", _("Of"), kind="date"),
        Column("body", _("Detail"), value=lambda one: "　".join(f"{key} {value}" for key, value in one.body.items())),
    )

    def may_export(self, *, actor: Actor) -> Verdict:
        return may_see_log(actor=actor)


def said(type_: str) -> str:
    """Return a fact type in the reader's language; types of former versions show themselves."""

    found = fact_types().get(type_)
    if found is None:
        return type_
    return found.VOCABULARY.zh if (get_language() or "zh").startswith("zh") else found.VOCABULARY.en


class ExportTable(Table):
    """Requests to export sensitive columns."""

    code = "security.exports"
    title = _("Sensitive exports")
    order = ("-asked_at",)
    exports = False
    segments = (
        Segment("asked", _("Waiting"), where=Q(state="asked")),
        Segment("all", _("All")),
    )
    columns = (
        Column("export", _("List"), at="name", link=lambda one: f"/security/exports/{one.pk}/"),
        Column("state", _("State"), kind="status", words=EXPORT_STATES, at="status"),
        Column("rows", _("Rows"), kind="number", unit="条"),
        Column("reason", _("What for")),
        Column("asked_by", _("Asked by"), value="asked_by.ref", kind="ref"),
        Column("asked_at", _("When"), kind="datetime", sort=True),
        Column(
            "decided_by", _("Decided by"), value=lambda one: one.decided_by.ref if one.decided_by else "", kind="ref"
        ),
    )

    def rows(self) -> Any:
        return exports_seen(actor=self.actor).select_related("asked_by", "decided_by")

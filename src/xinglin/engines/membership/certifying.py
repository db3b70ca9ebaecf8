"""What a certificate says on a day: whether it holds, and no more about its holder than the holder chose."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinglin.directory import answers as directory
from xinglin.lib.square_codes import square_code
from xinglin.shell.press import print_pdf

from .answers import days_of
from .certificates import Certificate, Choice
from .members import Member
from .statuses import Status, judge

PAGE = Path(__file__).with_name("certificate.typ")


@dataclass(frozen=True, kw_only=True)
class Certified:
    """A certificate on a day, as everybody may read it."""

    state: str  # valid, lapsed, revoked, left
    light: str
    icon: str
    word: str | Promise
    note: str | Promise
    number: str
    member_number: str = ""
    tier: str = ""
    issued_on: date | None = None
    name: str = ""
    unit: str = ""


_WORDS = {
    "valid": ("ok", _("Valid"), _("The holder is a member today.")),
    "grace": ("ok", _("Valid"), _("The holder is a member today; the fee of the new period is being collected.")),
    "lapsed": ("bad", _("Lapsed"), _("The fee is unpaid; the rights of a member rest.")),
    "revoked": ("bad", _("Revoked"), _("The association has withdrawn this certificate.")),
    "left": ("off", _("No longer a member"), _("The membership for which it was made out has ended.")),
}
_ICONS = {"ok": "circle-check", "bad": "circle-x", "off": "circle-minus"}


def certified(certificate: Certificate, *, on: date) -> Certified:
    """Return what the public page of a certificate says on a day."""
    member, status = certificate.spell.member, judge(days_of(certificate.spell, on=on), on=on)
    state = _state(certificate, status, on)
    light, word, note = _WORDS["grace" if state == "valid" and status.code == "grace" else state]
    allowed = set(member.choices.filter(allowed=True).values_list("what", flat=True)) if state == "valid" else set()
    tier = member.tiers.on(on).select_related("tier").first() if Choice.What.NUMBER_SHOWN in allowed else None
    return Certified(
        state=state, light=light, icon=_ICONS[light], word=word, note=note, number=certificate.number,
        member_number=member.number if Choice.What.NUMBER_SHOWN in allowed else "", tier=str(tier.tier) if tier else "",
        issued_on=certificate.issued_on if Choice.What.NUMBER_SHOWN in allowed else None,
        name=member.name if Choice.What.NAME_SHOWN in allowed else "",
        unit=_unit(member) if Choice.What.UNIT_SHOWN in allowed else "")


def _state(certificate: Certificate, status: Status, on: date) -> str:
    if certificate.revoked_on and certificate.revoked_on <= on:
        return "revoked"
    if status.code == "left":
        return "left"
    return "valid" if status.good else "lapsed"


def _unit(member: Member) -> str:
    if member.unit_id:
        return member.name
    found = directory.person(member.holder)
    return found.unit_name if found else ""


def address_of(certificate: Certificate) -> str:
    """Return the full address that the square code holds."""
    return settings.XINGLIN_URL + reverse("membership:certified", args=[certificate.key])


def certificate_pdf(certificate: Certificate, *, on: date, issuer: str) -> bytes:
    """Print a certificate; its square code leads to the page that says whether it still holds."""
    spell, member, address = certificate.spell, certificate.spell.member, address_of(certificate)
    tier = member.tiers.on(on).select_related("tier").first()
    return print_pdf(page=PAGE, on=certificate.issued_on, values={
        "issuer": issuer, "name": member.name, "number": certificate.number, "member": member.number,
        "tier": str(tier.tier) if tier else "", "unit": "" if member.unit_id else _unit(member),
        "joined": spell.joined_on.isoformat(), "issued": certificate.issued_on.isoformat(),
        "square": square_code(address).svg(), "address": address})

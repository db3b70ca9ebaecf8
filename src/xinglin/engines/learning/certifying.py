"""What a certificate says: on paper all of it, in public whether it holds, and no more than the holder chose."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.lib.square_codes import square_code
from xinglin.shell.press import print_pdf

from .certificates import Certificate, Openness
from .codes import code_of, masked, typed
from .credits import Award

PAGE = Path(__file__).with_name("certificate.typ")
_WORDS: dict[str, tuple[str, str, str | Promise, str | Promise]] = {
    "valid": ("ok", "circle-check", _("Certificate holds"), _("Compare what it says with the paper in your hand.")),
    "replaced": ("warn", "replace", _("Replaced by another"),
                 _("A newer certificate of the same credits was made out.")),
    "revoked": ("bad", "circle-x", _("Certificate revoked"), _("The association has withdrawn it.")),
    "altered": ("bad", "alert-triangle", _("Does not hold"), _("What is stored does not match its code. Ask the "
                                                              "association.")),
}


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A certificate as everybody may read it: the figures of the paper, the holder masked."""

    state: str
    light: str
    icon: str
    word: str | Promise
    note: str | Promise
    number: str
    name: str
    document: str
    project: str
    project_number: str
    level: str | Promise
    role: str | Promise
    hours: Decimal
    credits: Decimal
    completed_on: date
    issued_on: date
    revoked_on: date | None


def words_of(paper: Certificate) -> str:
    """Return the code that the paper's present words give: all that is printed, so that none can be changed."""
    award = paper.award
    project = award.project
    return code_of(on=paper.issued_on, words=(
        paper.number, paper.name, paper.document_masked, _number(award), award.title, award.kind, award.level,
        f"{award.hours:.1f}", f"{award.credits:.1f}", str(award.year), str(project.from_on if project else ""),
        award.completed_on.isoformat()))


def _number(award: Award) -> str:
    return (award.project.number or "") if award.project else ""


def _level(award: Award) -> str | Promise:
    return award.get_level_display() if award.project else award.get_kind_display()


def found(code: str) -> Certificate | None:
    """Return the certificate of a code, however it was typed."""
    rows = Certificate.objects.select_related("award__project", "award__claim", "award__person")
    return rows.filter(code=typed(code)).first()


def verified(paper: Certificate, *, on: date) -> Verified:
    """Return what the public page of a certificate says on a day."""
    state = _state(paper, on)
    light, icon, word, note = _WORDS[state]
    award = paper.award
    named = regulations.value("E8.public", on=on) == "named"
    open_ = state == "valid" and (named or Openness.objects.filter(person=award.person_id, shown=True).exists())
    return Verified(
        state=state, light=light, icon=icon, word=word, note=note, number=paper.number,
        name=paper.name if open_ else masked(paper.name), document=paper.document_masked, project=award.title,
        project_number=_number(award), level=_level(award), role=award.get_kind_display(), hours=award.hours,
        credits=award.credits, completed_on=award.completed_on, issued_on=paper.issued_on, revoked_on=paper.revoked_on)


def _state(paper: Certificate, on: date) -> str:
    if words_of(paper) != paper.code:
        return "altered"
    if paper.revoked_on and paper.revoked_on <= on:
        return "replaced" if paper.replaced_by_id else "revoked"
    return "valid"


def address_of(paper: Certificate) -> str:
    """Return the full address that the square code holds."""
    return settings.XINGLIN_URL + paper.get_absolute_url()


def certificate_pdf(paper: Certificate, *, issuer: str) -> bytes:
    """Print a certificate; its square code leads to the page that says whether it still holds."""
    award, project, address = paper.award, paper.award.project, address_of(paper)
    days = f"{project.from_on} 至 {project.until_on}" if project else award.completed_on.isoformat()
    return print_pdf(page=PAGE, on=paper.issued_on, values={
        "issuer": issuer, "name": paper.name, "document": paper.document_masked, "number": paper.number,
        "code": paper.grouped, "project": award.title, "project_number": _number(award), "kind": str(_level(award)),
        "role": str(award.get_kind_display()), "days": days, "hours": f"{award.hours:.1f}",
        "credits": f"{award.credits:.1f}", "year": award.year, "issued": paper.issued_on.isoformat(),
        "square": square_code(address).svg(), "address": settings.XINGLIN_URL + reverse("learning:verify")})

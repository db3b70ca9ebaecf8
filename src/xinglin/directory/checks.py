"""Checks what somebody says about a person or organisation, and returns it in the form that is kept."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinglin.lib import credit_code as codes
from xinglin.lib import identity
from xinglin.lib.regions import region_of
from xinglin.lib.text import joined

from .lists import CodeList
from .refusals import (
    CreditCodeWrong,
    EndsBeforeStart,
    IdentityContradicts,
    IdentityNumberWrong,
    MailWrong,
    MobileWrong,
    NameMissing,
    RegionUnknown,
    UnknownCode,
)

# Words people write in lists for the codes of GB/T 2261.1.
SEXES = {"": "", "0": "", "9": "", "未知": "", "1": "1", "男": "1", "男性": "1", "m": "1", "male": "1",
         "2": "2", "女": "2", "女性": "2", "f": "2", "female": "2"}


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A document as somebody gave it: its kind, number and, for a foreign passport, the country."""

    number: str
    kind: str = identity.IdentityKind.RESIDENT_ID.value
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class Proven:
    """A checked document: the number as kept and what it says about its bearer."""

    kind: str
    number: str
    masked: str
    country: str
    born_on: date | None
    sex: str


def _language() -> str:
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def checked_name(name: str) -> str:
    """Return a name without the spaces people put between characters (NameMissing)."""
    clean = joined(text=name)
    if not clean:
        raise NameMissing(_("Enter the name."))
    return clean


def checked_proof(proof: Proof, *, on: date) -> Proven:
    """Return the document as it is kept (IdentityNumberWrong says what is wrong with the number)."""
    try:
        kind = identity.IdentityKind(proof.kind)
    except ValueError:
        raise UnknownCode(_("%(kind)s is no kind of document.") % {"kind": proof.kind}, field="kind") from None
    verdict = identity.checked(kind=kind, number=proof.number, on=on)
    if not verdict.is_valid:
        raise IdentityNumberWrong(verdict.message(language=_language()))
    # Only foreign passports are numbered country by country; a country beside a card would let its number in twice.
    abroad = kind == identity.IdentityKind.FOREIGN_PASSPORT
    return Proven(kind=kind.value, number=verdict.value, masked=identity.masked(number=verdict.value),
                  country=proof.country.strip().upper()[:2] if abroad else "", born_on=verdict.born_on,
                  sex=verdict.sex.value if verdict.sex else "")


def require_agreement(proven: Proven, *, born_on: date | None, sex: str) -> None:
    """Refuse when the date of birth or sex given differs from the one in the number (IdentityContradicts)."""
    if born_on and proven.born_on and born_on != proven.born_on:
        raise IdentityContradicts(_("The date of birth is %(given)s, but the identity number says %(read)s.") % {
            "given": born_on, "read": proven.born_on})
    if sex and proven.sex and sex != proven.sex:
        raise IdentityContradicts(_("The sex given is not the one in the identity number."), field="sex")


def checked_mobile(number: str) -> str:
    """Return a mobile number of eleven digits, or nothing for nothing (MobileWrong)."""
    if not number.strip():
        return ""
    verdict = identity.mobile(number=number)
    if not verdict.is_valid:
        raise MobileWrong(_("A mobile number has eleven digits and begins with 13 to 19."))
    return verdict.value


def checked_email(address: str) -> str:
    """Return an e-mail address in small letters, or nothing for nothing (MailWrong)."""
    clean = address.strip().lower()
    if clean:
        try:
            validate_email(clean)
        except ValidationError:
            raise MailWrong(_("%(address)s is no e-mail address; write name@example.org.") % {
                "address": clean}) from None
    return clean


def checked_code(code: str, *, among: CodeList, field: str) -> str:
    """Return a code of a list, given by itself or by its words; empty stays empty (UnknownCode)."""
    if not code.strip():
        return ""
    if known := among.code(code):
        return known
    some = "、".join(entry.label for entry in list(among.entries.values())[:6])
    raise UnknownCode(_("%(code)s is not in the list; known are %(some)s and others.") % {"code": code, "some": some},
                      field=field)


def checked_sex(sex: str) -> str:
    """Return code 1 or 2 for the words people write, nothing for nothing (UnknownCode)."""
    word = sex.strip().casefold()
    if word in SEXES:
        return SEXES[word]
    raise UnknownCode(_("%(sex)s is no sex; write 男 or 女.") % {"sex": sex}, field="sex")


def checked_credit_code(number: str) -> str:
    """Return a unified social credit code in capitals, or nothing for nothing (CreditCodeWrong)."""
    if not number.strip():
        return ""
    verdict = codes.credit_code(number=number)
    if not verdict.is_valid:
        raise CreditCodeWrong(verdict.message(language=_language()))
    return verdict.value


def checked_region(code: str) -> str:
    """Return a six-digit region, or nothing for nothing (RegionUnknown)."""
    clean = code.strip()
    if clean and region_of(code=clean) is None:
        raise RegionUnknown(_("%(code)s is no region of GB/T 2260; six digits, such as 320100.") % {"code": clean})
    return clean


def require_span(*, from_on: date | None, until_on: date | None) -> None:
    """Refuse a span that ends before or on the day it starts (EndsBeforeStart)."""
    if from_on and until_on and until_on <= from_on:
        raise EndsBeforeStart(_("The end, %(until)s, does not lie after the beginning, %(from)s.") % {
            "until": until_on, "from": from_on})

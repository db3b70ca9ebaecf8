"""What applicants are asked: the questionnaires of persons and units, and the lists that they choose from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from xinglin.directory.checks import Proof
from xinglin.directory.lists import CodeList, organisation_kinds, organisation_levels, professional_titles, specialties
from xinglin.directory.organisations import Organisation
from xinglin.directory.people import IdentityDocument
from xinglin.kernel import regulations
from xinglin.mechanics.questionnaires.definition import (
    Questionnaire,
    kept_questionnaire,
    load_questionnaire,
    offer_list,
)

from .applications import Form
from .matrix import held
from .tiers import Entitlement, Holder, Tier

FOLDER = Path(__file__).with_name("questionnaires")
OUTSIDE = "outside"  # group of kinds of organisations that are no part of the association


@lru_cache(maxsize=4)
def questionnaire(holder: str) -> Questionnaire:
    """Return the questionnaire in force for persons or units."""
    return load_questionnaire(file=FOLDER / f"{Holder(holder).value}.yaml")


@lru_cache(maxsize=64)
def questionnaire_of(digest: str) -> Questionnaire:
    """Return the questionnaire that was answered, by its digest."""
    return kept_questionnaire(Form.objects.get(pk=digest).content)


def keep_form(one: Questionnaire) -> str:
    """Keep a questionnaire under its digest for as long as answers to it are kept."""
    Form.objects.get_or_create(digest=one.digest, defaults={"content": one.content})
    return one.digest


def tiers_open(*, holder: str, on: date) -> list[Tier]:
    """Return the tiers for which one may apply: open, and not by invitation only."""
    invited = Entitlement.objects.on(on).filter(code="invited").values("tier")
    return list(Tier.objects.open_on(on).filter(holder=holder).exclude(pk__in=invited))


def branches_open(on: date) -> list[Organisation]:
    """Return the branches of our association that exist on a day."""
    ours = Organisation.objects.ours(on)
    return list(Organisation.objects.on(on).filter(kind="branch", parent__in=ours).order_by("order", "sort_key"))


def recommenders_needed(*, tier: Tier, on: date) -> int:
    """Return how many members must vouch: what the tier's own conditions say, else the charter's number (M1)."""
    if tier.holder != Holder.PERSON:
        return 0
    conditions = held(tier=tier, on=on, kind=Entitlement.Kind.CONDITION)
    if not conditions:
        return int(regulations.value("M1.recommenders", on=on))
    own = conditions.get("recommenders")
    if own is None:
        return 0
    return int(regulations.value("M1.recommenders", on=on)) if own.amount is None else own.amount


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Answers as values: who applies for what, reached how, known by which number."""

    holder: str
    tier: Tier
    branch: Organisation | None
    answers: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name of the person or unit."""
        return str(self.answers["name"])

    @property
    def number(self) -> str:
        """The identity number or credit code."""
        return str(self.answers["number" if self.holder == Holder.PERSON else "credit_code"])

    @property
    def proof(self) -> Proof:
        """A person's document as the directory takes it."""
        said, kind = self.answers, str(self.answers["document"])
        abroad = kind == IdentityDocument.Kind.FOREIGN_PASSPORT  # others are not numbered country by country
        country = str(said.get("country", "")).strip().upper()[:2] if abroad else ""
        return Proof(number=self.number, kind=kind, country=country)


def applicant_of(*, holder: str, answers: Mapping[str, Any]) -> Applicant:
    """Return answers as values; tier and branch are looked up."""
    branch = answers.get("branch")
    return Applicant(holder=holder, tier=Tier.objects.get(code=answers["tier"], holder=holder),
                     branch=Organisation.objects.get(pk=int(branch)) if branch else None, answers=answers)


def _codes(source: CodeList, *, group: str = "") -> Callable[[date], list[tuple[str, str]]]:
    return lambda on: [(one.code, one.label) for one in source.entries.values() if group in ("", one.group)]


def _tiers(holder: str) -> Callable[[date], list[tuple[str, str]]]:
    return lambda on: [(one.code, str(one)) for one in tiers_open(holder=holder, on=on)]


offer_list("membership_person_tiers", _tiers(Holder.PERSON))
offer_list("membership_unit_tiers", _tiers(Holder.UNIT))
offer_list("membership_branches", lambda on: [(str(one.pk), one.label) for one in branches_open(on)])
offer_list("identity_documents", lambda on: [(code, str(label)) for code, label in IdentityDocument.Kind.choices])
offer_list("professional_titles", _codes(professional_titles))
offer_list("specialties", _codes(specialties))
offer_list("unit_kinds", _codes(organisation_kinds, group=OUTSIDE))
offer_list("unit_levels", _codes(organisation_levels))

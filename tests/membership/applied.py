"""People and units who apply: answers as a form gives them, and the steps of review in short."""

from datetime import date, timedelta

from xinglin.engines.membership.actions.applications import submit_application
from xinglin.engines.membership.actions.recommending import answer_recommendation
from xinglin.engines.membership.actions.reviewing import pass_application, verify_application
from xinglin.kernel.actors import Actor
from xinglin.kernel.refs import Ref
from xinglin.lib.credit_code import ALPHABET, check_character, organisation_check
from xinglin.lib.identity import check_digit

from .conftest import DAY, OFFICE

VISITOR = Actor(ref=Ref("shell.visitor:anonymous"))
NEXT = DAY + timedelta(days=1)


def number(serial: int = 1, born: str = "19900307") -> str:
    """Return a fictional identity number with its right check digit."""
    body = f"320102{born}{serial:03d}"
    return body + check_digit(body=body)


def credit_code(serial: int = 1) -> str:
    """Return a fictional credit code of a hospital with its right check characters."""
    inside = f"{serial:08d}"
    body = f"12320102{inside}{organisation_check(body=inside)}"
    assert set(body) <= set(ALPHABET)
    return body + check_character(body=body)


def person(*, branch=None, members=(), serial=1, **given):
    """Return the typed answers of a person."""
    return {
        "tier": "ordinary", **({"branch": str(branch.pk)} if branch else {}), "name": "林杏", "document": "resident_id",
        "number": number(serial), "mobile": "13800001234", "email": "lin@example.org", "occupation": "physician",
        "employer": "江海省第一医院", "recommenders": tuple((one.number, one.name) for one in members), "agreed": True,
        **given}


def unit(*, serial=1, **given):
    """Return the typed answers of a unit."""
    return {"tier": "unit", "name": "江海省第二医院", "credit_code": credit_code(serial), "unit_kind": "hospital",
            "representative": "王院长", "contact": "李干事", "mobile": "13800005678", "agreed": True, **given}


def apply(answers, *, holder="person", on: date = DAY):
    """Hand an application in as somebody from the street."""
    return submit_application(by=VISITOR, on=on, holder=holder, answers=answers)


def vouch(application, *, on: date = DAY):
    """Let everybody who was asked recommend the applicant."""
    for one in application.recommendations.filter(answered_on=None):
        answer_recommendation(by=VISITOR, on=on, key=one.key, vouched=True)


def verified(application, *, on: date = DAY):
    """Bring an application through branch and office to the council."""
    vouch(application, on=on)
    if application.state == "submitted":
        application = pass_application(by=OFFICE, on=on, application=application)
    return verify_application(by=OFFICE, on=on, application=application)

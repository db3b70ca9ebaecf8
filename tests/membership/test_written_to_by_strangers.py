"""How often a stranger can have somebody written to, and whom."""

import pytest

from tests.membership.test_applications import letters
from xinglin.directory.checks import Proof
from xinglin.directory.security.actions.accounts import open_account
from xinglin.engines.membership.actions.applications import submit_application
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.actions.reviewing import return_application
from xinglin.kernel.actors import Actor

from .applied import NEXT, apply, number, person
from .conftest import DAY, HOUSE, OFFICE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rates(settings):
    settings.XINGLIN_RATES = ["apply_known=1/604800/key", "apply_told=3/86400/key"]


@pytest.fixture
def applied(cardiology, someone, admit):
    members = [admit(someone(name)) for name in ("王小明", "李小红")]
    for one in members:
        waive_fee(by=HOUSE, on=DAY, member=one, from_on=DAY, reason="试用")
    return lambda **given: apply(person(branch=cardiology, members=members, **given))


def test_many_applications_under_one_number_are_few_letters(applied, someone, admit):
    admit(someone("林杏", proof=Proof(number=number()), email="own@example.org"))
    rows = [applied(email="", mobile="13900009999") for _each in range(8)]
    to = [one for one, _words in letters()]
    assert (to.count("own@example.org"), to.count("13900009999")) == (1, 3)
    return_application(by=OFFICE, on=NEXT, application=rows[-1], reason="缺证")
    assert [one for one, _words in letters()].count("13900009999") == 4, "what the house decides is always told"


def test_who_handed_a_number_in_first_does_not_learn_that_its_bearer_applies(applied):
    applied(email="thief@example.org")
    applied(email="bearer@example.org")
    assert [to for to, _words in letters()] == ["thief@example.org", "bearer@example.org"]


def test_who_applied_signed_in_hears_of_another_under_the_number(applied, cardiology, someone):
    me = someone("林杏")
    account = open_account(by=HOUSE, on=DAY, username="own", person=me, active=True)
    members = applied(serial=2).recommendations.all()
    own = submit_application(
        by=Actor(ref=account.ref, person=me.ref, roles=frozenset({"member"})), on=DAY, holder="person",
        answers=person(branch=cardiology, members=[one.member for one in members], email="own@example.org"))
    for _each in range(3):
        applied(email="visitor@example.org")
    words = [words for to, words in letters() if to == "own@example.org" and own.key in words]
    assert len(words) == 2, "that it is there, and once that there is another"

"""A small fictional association: one branch, two hospitals, a few people and the actors who work with them."""

from datetime import date

import pytest

from xinglin.directory.actions import organisations, people, terms
from xinglin.directory.checks import Proof
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.refs import Ref

DAY = date(2026, 3, 2)
CLERK = house("test")
# Numbers of nobody: made by the rule of GB 11643 for dates and serials of fiction.
WANG, LI = "11010519491231002X", "110105198803070010"


def actor(*roles, person=None, where=None):
    """Return somebody who holds these roles, in one organisation or everywhere."""
    scope = {role: frozenset({where}) for role in roles} if where else {}
    return Actor(ref=Ref("directory.account:9"), person=person, name="试用", roles=frozenset({"member", *roles}),
                 scope=scope)


@pytest.fixture
def register():
    """Register somebody, the house acting on 2 March 2026."""
    return lambda name="王小明", **given: people.register_person(
        **{"by": CLERK, "on": DAY, "name": name, **given})


@pytest.fixture
def found():
    """Found an organisation."""
    return lambda name="江海省第一医院", **given: organisations.found_organisation(
        **{"by": CLERK, "on": DAY, "name": name, "kind": "hospital", **given})


@pytest.fixture
def branch(found):
    """The cardiology branch of the fictional association."""
    association = found("江海省医师协会（虚构）", kind="association", from_on=date(2001, 5, 1))
    return found("心血管内科专业委员会", kind="branch", parent=association, from_on=date(2010, 6, 1))


@pytest.fixture
def begin(branch):
    """Begin a term in the branch."""
    return lambda person, **given: terms.begin_term(**{
        "by": CLERK, "on": DAY, "person": person, "organisation": branch, "title": "committee_member",
        "from_on": date(2024, 1, 1), "until_on": date(2027, 1, 1), **given})


@pytest.fixture
def wang(register):
    """Wang Xiaoming, born 1949, with an identity card."""
    return register("王小明", proof=Proof(number=WANG), mobile="13800005678", email="Wang@example.org")


@pytest.fixture
def said(sealed):
    """Seal everything and return the types and bodies of the facts stated since the last call."""
    from xinglin.kernel.ledger.models import SealedFact

    seen = [0]

    def tell(prefix="directory."):
        sealed()
        facts = SealedFact.objects.filter(position__gt=seen[0], type__startswith=prefix).order_by("position")
        answer = [(one.type.removeprefix("directory."), one.body) for one in facts]
        last = SealedFact.objects.order_by("-position").values_list("position", flat=True).first()
        seen[0] = last if last is not None else seen[0]
        return answer

    return tell

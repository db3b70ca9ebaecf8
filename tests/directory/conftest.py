"""A small fictional association: one branch, two hospitals, a few people and the actors who work with them."""

from datetime import date

import pytest

from xinglin.directory.accounts import Account
from xinglin.directory.actions import organisations, people, terms
from xinglin.directory.checks import Proof
from xinglin.directory.facts import PersonCorrected
from xinglin.directory.models import Organisation
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.acts import act, state
from xinglin.kernel.refs import Code, Ref

DAY = date(2026, 3, 2)
CLERK = house("test")
# Numbers of nobody: made by the rule of GB 11643 for dates and serials of fiction.
WANG, LI = "11010519491231002X", "110105198803070010"


def actor(*roles, person=None, where=None, account="9"):
    """Return somebody who holds these roles, in one organisation or everywhere."""
    scope = {role: frozenset({where}) for role in roles} if where else {}
    return Actor(ref=Ref(f"directory.account:{account}"), person=person, name="试用",
                 roles=frozenset({"member", *roles}), scope=scope)


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
def place(branch, found):
    """The branch and one hospital, which rows name."""
    found("江海省第一医院", short_name="省一院")
    return branch


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


@act
def open_plainly(*, by, on, person):
    """Give somebody an account without the ways of the security pages."""
    account = Account.objects.create_user(
        f"u{person.key}", "Apricot-Grove-2026", person_id=int(person.key), opened_on=on, activated_on=on,
        password_changed_on=on)
    state(PersonCorrected(person=person, what=(Code("account"),)))
    return account


@pytest.fixture
def today():
    """The pages of these tests are of 2 March 2026."""
    with clock.pretending(DAY):
        yield DAY


@pytest.fixture
def signed(client, register, branch, today):
    """Sign somebody in who holds a post: the head of the office unless another is named."""

    def sign(title="department_head", place=None):
        one = register("单一鸣")
        if title:
            association = Organisation.objects.get(kind="association").ref
            place = place or organisations.found_organisation(
                by=CLERK, on=DAY, name="办公室", kind="office", parent=association)
            terms.begin_term(by=CLERK, on=DAY, person=one, organisation=place, title=title, from_on=date(2026, 1, 1))
        client.force_login(open_plainly(by=CLERK, on=DAY, person=one))
        session = client.session
        session["x_gate_passed_on"] = DAY.isoformat()
        session.save()
        return one

    return sign

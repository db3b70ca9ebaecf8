"""A plan that was read, and clients in every role."""

import hashlib
from datetime import date

import pytest
from django.db.models import Model

from tests.plans.conftest import CLERK, DAY, LEADER, OFFICE, STRANGER
from xinglin.directory.models import Account
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.refs import Ref
from xinglin.plans.actions.documents import read_document
from xinglin.plans.reading import read_text
from xinglin.shell import middleware

TEXT = """江海省医师协会（演示）2026年工作要点

一、加强党建与行风建设
组织行风专题学习不少于4次。进一步加强党建与业务融合。

三、繁荣学术交流
全年走访会员单位20家，开展基层巡讲24场，覆盖全部12个县。6月底前印发《学术活动备案办法》。
举办第十一届（2026年）江海医院发展论坛。

四、提升继续教育质量
执行国家级继续医学教育项目16项，项目执行率达到90%以上。完成卫生行政部门委托的其他工作。
"""
SECOND = Actor(ref=Ref("directory.account:7"), name="邵明砚", roles=frozenset({"office"}))
OTHER = Actor(
    ref=Ref("directory.account:8"),
    person=Ref("directory.person:8"),
    name="祝知遥",
    roles=frozenset({"department"}),
    scope={"department": frozenset({"directory.organisation:10"})},
)
SUPERVISOR = Actor(ref=Ref("directory.account:9"), name="裴若川", roles=frozenset({"supervisor"}))
HX = {"HTTP_HX_REQUEST": "true"}
__all__ = ["CLERK", "DAY", "HX", "LEADER", "OFFICE", "OTHER", "SECOND", "STRANGER", "SUPERVISOR", "TEXT"]


@pytest.fixture
def visit(client, db, monkeypatch):
    """Return a function that makes the client somebody; today is the day of the tests."""
    account = Account(username="tester", is_active=True, password_changed_on=date(2026, 7, 1))
    account.set_unusable_password()
    Model.save(account)  # how accounts are opened is the directory's own test

    def become(actor):
        monkeypatch.setattr(middleware, "actor_of", lambda request: actor)
        client.force_login(account)
        session = client.session
        session["x_gate_passed_on"] = DAY.isoformat()
        session.save()
        return client

    with clock.pretending(DAY):
        yield become


@pytest.fixture
def read(db):
    """Return a function that reads text into a plan."""

    def into(text=TEXT, plan=None):
        digest = hashlib.sha256(text.encode()).hexdigest()
        return read_document(
            by=OFFICE, on=date(2026, 1, 5), reading=read_text(text=text), name="要点.txt", sha256=digest, plan=plan
        )

    return into


@pytest.fixture
def read_plan(read):
    return read()


@pytest.fixture
def card(read_plan):
    """Return a commitment by a word of its sentence."""

    def find(word):
        return next(one for one in read_plan.commitments.all() if word in one.text)

    return find

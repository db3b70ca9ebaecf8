"""Whoever registered for an event that carries a CME project is told when the project moves, by what reaches them."""

import pytest

from xinglin.engines.events.answers import tell_registered
from xinglin.engines.learning.actions.telling import MOVED
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.refs import Ref

from .selling import enrol, guest, selling
from .test_letters import letters

__all__ = ["letters", "selling"]
pytestmark = pytest.mark.django_db
PROJECT = Ref("learning.project:5")
WORDS = {"more": 0, "title": "心衰指南", "times": "2026-05-22 08:00–12:00", "place": "南京"}


def test_people_and_visitors_are_told_once_for_each_change(selling, someone, letters):
    event, one = selling(event={"project": PROJECT}), someone("王小明")
    enrol(event, one.ref)
    enrol(event, guest(), party={"name": "周宁", "email": "zhou@example.org"})
    letters()
    assert tell_registered(PROJECT, template=MOVED, key="first", **WORDS) == 2
    [(to, said)] = letters()
    assert to == "zhou@example.org" and "08:00" in said and "南京" in said and "/events/" in said
    tell_registered(PROJECT, template=MOVED, key="second", **WORDS)
    assert Notice.objects.filter(to=one.ref, template=MOVED).count() == 2
    assert tell_registered(Ref("learning.project:6"), template=MOVED, key="x", **WORDS) == 0

"""An event names the CME project held with it, chosen on its page from those that are still to come."""

import pytest
from django.urls import reverse

from tests.learning.conftest import OFFICE
from xinglin.engines.events.meetings import Event
from xinglin.shell import choosing

pytestmark = pytest.mark.django_db
SAID = {"kind": "academic", "title": "东方心血管病学学术会议", "role": "host", "from_on": "2026-05-15",
        "last_on": "2026-05-16", "format": "on_site", "place": "江海会议中心", "heads": "120", "planned": "on"}


def offered(query=""):
    return [one.ref for one in choosing.choices(kind="learning.project", query=query, actor=OFFICE)]


def test_the_page_of_the_event_offers_projects_to_come_and_keeps_the_choice(visit, project, branch):
    published, scheduled = project("published"), project("scheduled")
    project("draft", title="心力衰竭（尚未公布）"), project("held", title="心力衰竭（已举办）")
    assert set(offered("心力衰竭")) == {published.ref, scheduled.ref} and not offered("骨科")
    office = visit(OFFICE)
    office.post(reverse("events:draft"), {**SAID, "organisation": branch.pk, "project": published.ref})
    event = Event.objects.get()
    assert event.project == published.ref
    assert published.title in office.get(event.get_absolute_url()).content.decode()
    amend = reverse("events:amend", args=[event.pk])
    assert str(published.ref) in office.get(amend).content.decode()
    office.post(amend, {**SAID, "organisation": branch.pk, "project": scheduled.ref, "heads": "130"})
    assert Event.objects.get().project == scheduled.ref
    wrong = office.post(amend, {**SAID, "organisation": branch.pk, "project": "directory.person:1"})
    assert wrong.status_code == 422 and "project" in wrong.context["form"].errors


def test_where_nobody_keeps_projects_none_is_asked_for(visit, branch, monkeypatch):
    monkeypatch.delitem(choosing._choosers, "learning.project")
    assert 'name="project"' not in visit(OFFICE).get(reverse("events:draft")).content.decode()

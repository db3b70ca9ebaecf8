"""The inbox: whose notices, what opening does, what the bell says, and what nobody else can do with them."""

from datetime import date

import pytest
from django.urls import reverse

from tests.operations.conftest import actor
from xinglin.kernel import refs
from xinglin.kernel.notices import notify, register_notice, unread_count, wording
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.refs import Ref, Shown
from xinglin.shell import navigation
from xinglin.shell.operations.letterbox import addressee

pytestmark = pytest.mark.django_db
OTHER = Ref("directory.account:99")
PLAN = Ref("trial.plan:9")


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setattr(wording, "_wordings", {})
    monkeypatch.setitem(refs._resolvers, "trial.plan", lambda keys: {
        key: Shown(label="2026 工作要点", url=f"/plans/{key}/") for key in keys})
    register_notice("trial.due", app="tests.kernel.trial")


def tell(to, key="1"):
    notify(to=to, template="trial.due", key=key, about=PLAN,
           context={"plan": PLAN, "due": date(2026, 3, 31), "left": 4})
    return Notice.objects.get(key=f"trial.due/{key}/{to}")


def rows(answer):
    return [row.name for row in answer.context["table"].shown_rows]


def test_notices_go_to_the_person_and_for_an_administration_to_its_account():
    person = Ref("directory.person:7")
    assert addressee(actor=actor("member")) == "directory.account:1"
    clerk = type(actor())(ref=Ref("directory.account:1"), person=person, roles=frozenset({"member"}))
    assert addressee(actor=clerk) == person


def test_the_list_shows_ones_own_notices_newest_first_and_the_bell_counts_the_unread(as_role, me):
    tell(me, "1"), tell(me, "2"), tell(OTHER, "3")
    answer = as_role("member").get(reverse("operations:inbox"))
    page = answer.content.decode()
    assert rows(answer) == ["2026 工作要点：2026-03-31 前须办"] * 2
    assert "2 条未读。" in page and 'href="/plans/9/"' in page and "收件箱，2 条" in page


def test_opening_marks_read_and_only_that_one(as_role, me):
    first, second = tell(me, "1"), tell(me, "2")
    page = as_role("member").get(reverse("operations:notice", args=[first.pk])).content.decode()
    assert "还差 4 项" in page and 'href="/plans/9/"' in page
    first.refresh_from_db(), second.refresh_from_db()
    assert first.read_at is not None and second.read_at is None
    kept = first.read_at
    as_role("member").get(reverse("operations:notice", args=[first.pk]))
    first.refresh_from_db()
    assert first.read_at == kept


def test_the_bell_counts_anew_as_soon_as_something_was_read(as_role, me):
    first = tell(me, "1")
    tell(me, "2")
    client = as_role("member")
    assert "收件箱，2 条" in client.get(reverse("operations:inbox")).content.decode()
    client.get(reverse("operations:notice", args=[first.pk]))
    assert "收件箱，1 条" in client.get(reverse("operations:inbox")).content.decode()


def test_somebody_elses_notice_is_not_found_and_stays_unread(as_role, me):
    theirs = tell(OTHER)
    assert as_role("member", "system_admin").get(reverse("operations:notice", args=[theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_mark_all_read_reads_ones_own_and_nobody_elses(as_role, me):
    tell(me, "1"), tell(me, "2"), tell(OTHER, "3")
    client = as_role("member")
    assert client.get(reverse("operations:read_all")).status_code == 405
    answer = client.post(reverse("operations:read_all"), follow=True)
    assert "2 条标为已读。" in answer.content.decode()
    assert (unread_count(person=me), unread_count(person=OTHER)) == (0, 1)
    assert "没有未读。" in client.post(reverse("operations:read_all"), follow=True).content.decode()


def test_unread_ones_are_a_list_of_their_own_and_words_are_searched(as_role, me):
    first = tell(me, "1")
    tell(me, "2")
    client = as_role("member")
    client.get(reverse("operations:notice", args=[first.pk]))
    inbox = reverse("operations:inbox")
    assert len(rows(client.get(inbox, {"list": "unread"}))) == 1
    assert len(rows(client.get(inbox, {"q": "还差 工作要点"}))) == 2
    assert rows(client.get(inbox, {"q": "巡讲"})) == []
    assert len(rows(client.get(inbox, {"made_at_from": "2099-01-01"}))) == 0


def test_a_notice_whose_words_are_gone_still_says_what_it_was_about(as_role, me, monkeypatch):
    one = tell(me)
    monkeypatch.setattr(wording, "_wordings", {})
    page = as_role("member").get(reverse("operations:notice", args=[one.pk])).content.decode()
    assert "2026 工作要点" in page and "原文已不保留" in page


def test_a_visitor_has_no_inbox(me):
    tell(me)
    assert navigation.inbox(actor=actor())[1] == 0

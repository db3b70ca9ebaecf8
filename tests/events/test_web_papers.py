"""Pages of faculty and abstracts."""

from decimal import Decimal

import pytest
from django.urls import reverse

from xinglin.engines.events.abstracts import Abstract
from xinglin.engines.events.actions.faculty import answer_invitation, invite_faculty
from xinglin.engines.events.actions.programme import Slot, Speaker, arrange_session
from xinglin.engines.events.faculty import Invitation

from .conftest import DAY, FIRST, HOUSE, OFFICE, actor, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(draft, approve, someone):
    """An event that takes abstracts and a speaker of 90 minutes."""
    event, wang = draft(abstracts_until=DAY, title_en="East Cardiology"), someone("王小明")
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="房颤", from_at=at("10:30"), until_at=at("12:00"), room="三号厅", speakers=(Speaker(person=wang),)))
    return approve(event), wang


def test_inviting_keeps_what_was_typed_and_says_the_ceiling(asked, visit):
    event, wang = asked
    page, form = visit(OFFICE), {"person": wang.ref, "part": "speaker", "rank": "full", "net": "2000.01"}
    refused = page.post(reverse("events:invite", args=[event.pk]), form)
    assert refused.status_code == 422 and "2,000" in refused.content.decode().replace("2000.00", "2,000")
    assert "2000.01" in refused.content.decode() and not Invitation.objects.exists()
    done = page.post(reverse("events:invite", args=[event.pk]), {**form, "net": "2000"})
    assert done.status_code == 302 and Invitation.objects.get().net == 2000
    listed = page.get(reverse("events:faculty", args=[event.pk]))
    assert listed.context["waiting"] == 1 and wang.name in listed.content.decode()


def test_the_bearer_answers_without_account_and_takes_the_letter(asked, client):
    event, wang = asked
    row = invite_faculty(by=HOUSE, on=DAY, event=event, person=wang, rank="full", net=Decimal(1000))
    address = reverse("events:invitation", args=[row.key])
    assert wang.name in client.get(address).content.decode()
    assert client.post(address, {"answer": "yes", "note": "素食"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.note) == ("accepted", "素食")
    assert client.post(address, {"answer": "no"}).status_code == 409
    for language in ("zh", "en"):
        letter = client.get(reverse("events:letter", args=[row.key, language]))
        assert letter["Content-Type"] == "application/pdf" and letter.content[:4] == b"%PDF"
    assert client.get(reverse("events:invitation", args=["invented"])).status_code == 404


def test_who_only_reads_gets_no_key_of_an_invitation(asked, visit):
    event, wang = asked
    row = invite_faculty(by=HOUSE, on=DAY, event=event, person=wang, rank="full", net=Decimal(1000))
    address = reverse("events:faculty_one", args=[event.pk, row.pk])
    assert row.key not in visit(actor("supervisor")).get(address).content.decode()
    assert row.key in visit(OFFICE).get(address).content.decode()


def test_paying_from_the_page_says_why_not_yet(asked, visit):
    event, wang = asked
    row = invite_faculty(by=HOUSE, on=DAY, event=event, person=wang, rank="full", net=Decimal(1000))
    answer_invitation(by=actor(), on=DAY, key=row.key, accepted=True)
    page, there = visit(OFFICE), reverse("events:move_faculty", args=[event.pk, row.pk])
    page.post(there, {"step": "pay"})
    row.refresh_from_db()
    assert row.state == "accepted" and FIRST > DAY
    shown = page.get(reverse("events:faculty_one", args=[event.pk, row.pk]))
    assert shown.status_code == 200 and str(shown.context["limit"].most) == "2000.00"
    page.post(there, {"step": "withdraw"})
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_an_abstract_from_the_page_to_the_book(asked, visit, someone):
    event, _wang = asked
    author = visit(actor(person=someone("李小红")))
    address = reverse("events:submit_abstract", args=[event.pk])
    assert f'href="{address}"' in author.get(event.public_address).content.decode()
    given = {"title": "随访", "authors": "李小红，江海医院\n王小明, 第二医院", "text": "长" * 501, "form": "oral"}
    refused = author.post(address, given)
    assert refused.status_code == 422 and "501" in refused.content.decode() and not Abstract.objects.exists()
    assert author.post(address, {**given, "text": "目的与方法"}).status_code == 302
    row = Abstract.objects.get()
    assert row.authors == [{"name": "李小红", "unit": "江海医院"}, {"name": "王小明", "unit": "第二医院"}]
    assert author.get(reverse("events:abstracts", args=[event.pk])).status_code == 403
    office = visit(OFFICE)
    assert office.get(reverse("events:abstracts", args=[event.pk])).context["counts"]["submitted"] == 1
    office.post(reverse("events:abstract", args=[event.pk, row.pk]), {"accepted": "yes", "form": "poster"})
    row.refresh_from_db()
    assert (row.state, row.form) == ("accepted", "poster")
    book = office.get(reverse("events:book", args=[event.pk]))
    assert book.content[:4] == b"%PDF"
    mine = visit(actor(person=row.person))
    mine.post(reverse("events:withdraw_abstract", args=[event.pk, row.pk]))
    row.refresh_from_db()
    assert row.state == "withdrawn"

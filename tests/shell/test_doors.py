"""Doors: who is let in, what a refusal says, and that nothing typed is lost."""

import json

import pytest
from django.test import Client, RequestFactory

from xinglin.kernel.ledger.models import SealedFact
from xinglin.shell.models import Sent
from xinglin.shell.web.doors import safe_next

pytestmark = pytest.mark.usefixtures("pages")


@pytest.mark.django_db
def test_a_visitor_is_led_to_sign_in_and_back(client):
    response = client.get("/note/?a=1")
    assert response.status_code == 302 and response.url.endswith("?next=/note/%3Fa%3D1")


@pytest.mark.django_db
def test_a_form_posted_after_the_session_ended_is_kept(client):
    response = client.post("/note/", {"title": "年会 <b>", "password": "secret-word"})
    page = response.content.decode()
    assert response.status_code == 401
    assert 'name="title" value="年会 &lt;b&gt;"' in page and "secret-word" not in page


@pytest.mark.django_db
def test_htmx_without_account_is_sent_to_sign_in(client):
    response = client.get("/note/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/year/"})
    assert response.status_code == 401 and "next=" in response.headers["HX-Redirect"]


def test_a_policy_that_says_no_shows_reason_and_basis(browser_client):
    response = browser_client.get("/closed/")
    page = response.content.decode()
    assert response.status_code == 403
    assert "Members of the council only." in page and "依据" in page and "/regulations/W3/" in page


def test_a_refusal_by_htmx_leaves_the_page_alone(browser_client):
    response = browser_client.get("/closed/", headers={"HX-Request": "true"})
    assert response.headers["HX-Retarget"] == "#x-answer" and b"<html" not in response.content


def test_a_policy_that_says_yes_lets_in(browser_client):
    assert browser_client.get("/open/").content == b"in"


def test_an_address_for_forms_says_so_when_it_is_opened(browser_client):
    response = browser_client.get("/language/", headers={"Referer": "http://testserver/regulations/"})
    page = response.content.decode()
    assert response.status_code == 405 and response.headers["Allow"] == "POST"
    assert "此地址只接收表单" in page and 'href="http://testserver/regulations/"' in page


def test_an_act_done_says_so_and_offers_undo(browser_client, sealed):
    response = browser_client.post("/note/", {"title": "年会", "once": "a" * 32})
    assert response.status_code == 302 and response.url == "/regulations/"
    page = browser_client.get("/regulations/").content.decode()
    assert "Written: 年会" in page and 'action="/undo/"' in page


def test_a_form_sent_twice_is_done_once(browser_client, sealed):
    for _each in range(2):
        response = browser_client.post("/note/", {"title": "年会", "once": "b" * 32})
        assert response.status_code == 302 and response.url == "/regulations/"
    sealed()
    assert SealedFact.objects.filter(type="shell.list.exported", body__list="test.note").count() == 1
    assert Sent.objects.get(pk="b" * 32).url == "/regulations/"


def test_a_refused_form_may_be_sent_again(browser_client):
    browser_client.post("/note/", {"title": "late", "once": "c" * 32})
    assert not Sent.objects.filter(pk="c" * 32).exists()
    assert browser_client.post("/note/", {"title": "fine", "once": "c" * 32}).status_code == 302


def test_a_refusal_stands_beside_its_field_and_the_form_comes_back_filled(browser_client):
    response = browser_client.post("/note/", {"title": "late", "held_on": "2026年11月21日", "once": "d" * 32})
    page = response.content.decode()
    assert response.status_code == 422
    assert "The day is over." in page and 'value="late"' in page and 'value="2026年11月21日"' in page
    assert 'aria-invalid="true"' in page and f'name="once" value="{"d" * 32}"' in page


def test_a_refusal_by_rule_stands_above_the_form_with_its_basis(browser_client):
    page = browser_client.post("/note/", {"title": "rule"}).content.decode()
    assert "Too few are present." in page and "42 are called." in page and "依据" in page


def test_several_refusals_each_find_their_place(browser_client):
    page = browser_client.post("/note/", {"title": "two"}).content.decode()
    assert "Too short." in page and "Nowhere." in page


def test_not_allowed_inside_an_act_is_the_refused_page(browser_client):
    response = browser_client.post("/note/", {"title": "forbidden"})
    assert response.status_code == 403 and "Only the office writes notes." in response.content.decode()


def test_done_for_htmx_without_address_is_a_toast(browser_client):
    response = browser_client.post("/quiet/", headers={"HX-Request": "true"})
    said = json.loads(response.headers["HX-Trigger"])["x-toast"]
    assert response.status_code == 204 and said == {"text": "已移出", "undo": "/undo/", "level": "ok"}


def test_an_old_form_of_ours_is_given_back(account, source):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account)
    response = strict.post("/note/", {"title": "年会", "people": "12"}, headers={"Sec-Fetch-Site": "same-origin"})
    page = response.content.decode()
    assert response.status_code == 403
    assert 'name="title" value="年会"' in page and 'name="people" value="12"' in page and "csrfmiddlewaretoken" in page


def test_a_form_from_another_site_is_not_given_back(account, source):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {}):
        response = strict.post("/note/", {"title": "forged"}, headers=headers)
        assert response.status_code == 403 and b"forged" not in response.content


@pytest.mark.parametrize(("target", "kept"), [
    ("/year/", True), ("http://testserver/year/", True), ("https://elsewhere.example/", False),
    ("//elsewhere.example/", False), ("javascript:alert(1)", False), ("", False), (None, False),
])
def test_only_addresses_of_this_site_are_followed(target, kept):
    request = RequestFactory().get("/")
    assert safe_next(request, target) == (target if kept else "/")


def test_a_fault_owns_up_with_a_number(browser_client, caplog):
    browser_client.raise_request_exception = False
    response = browser_client.get("/broken/")
    page = response.content.decode()
    assert response.status_code == 500 and "是我们的问题" in page
    number = next(word for word in caplog.text.split() if len(word) == 7 and word[3] == "-")
    assert number in page


def test_the_actor_is_asked_once_a_request_and_only_when_wanted(browser_client, source):
    source.asked = 0
    browser_client.get("/open/")
    assert source.asked == 0
    browser_client.get("/regulations/")
    assert source.asked == 1

"""The pages of applications: a visitor fills in, a member recommends, branch, office and council decide."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xinglin.directory.security.actions.accounts import open_account
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.applications import Application, Draft
from xinglin.engines.membership.drafts import typed_of
from xinglin.engines.membership.members import Member
from xinglin.kernel import clock
from xinglin.kernel.files import Attachment
from xinglin.kernel.jobs import Job
from xinglin.kernel.ledger.models import SealedFact
from xinglin.shell import middleware

from .applied import apply, credit_code, number, person, unit, verified
from .conftest import DAY, HOUSE, OFFICE, actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with clock.pretending(DAY):
        yield


@pytest.fixture
def members(someone, admit):
    made = []
    for name in ("王小明", "李小红"):
        member = admit(someone(name), on=date(2025, 3, 2))
        waive_fee(by=HOUSE, on=DAY, member=member, from_on=DAY, reason="试用")
        made.append(member)
    return made


@pytest.fixture
def visit(client, monkeypatch):
    """Return a client whose actor is the one given."""
    account = open_account(by=HOUSE, on=DAY, username="tester", active=True)

    def become(who):
        client.force_login(account)
        session = client.session
        session["x_gate_passed_on"] = DAY.isoformat()
        session.save()
        monkeypatch.setattr(middleware, "actor_of", lambda request: who)
        return client

    return become


def post(client, page, /, *args, **given):
    return client.post(reverse(f"membership:{page}", args=args), given)


def text(response):
    return response.content.decode()


def typed(branch, members, **given):
    """Return what a browser sends for a person."""
    answers = person(branch=branch, **given)
    answers.pop("recommenders")
    pairs = {f"recommenders_{place}_{part}": value for place, one in enumerate(members)
             for part, value in (("number", one.number), ("name", one.name))}
    return {**answers, "agreed": "on", **pairs}


def begin(client, holder="person"):
    response = post(client, "choose", holder=holder)
    return response.url, Draft.objects.get()


def test_a_visitor_applies_and_reads_where_it_stands(client, cardiology, members):
    assert "林杏" not in text(client.get(reverse("membership:choose")))
    here, draft = begin(client)
    page = text(client.get(here))
    assert 'name="number"' in page and "心血管内科专业委员会" in page and "王小明" not in page
    response = client.post(here, {**typed(cardiology, members), "step": "submit"}, follow=True)
    application = Application.objects.get()
    assert application.key == draft.key and not Draft.objects.exists()
    assert application.get_state_display() in text(response) and "2026-03-16" in text(response)


def test_wrong_answers_come_back_filled_with_words_beside_the_field(client, cardiology, members):
    here, draft = begin(client)
    young = number(1, "20140101")
    response = client.post(here, {**typed(cardiology, members), "number": young, "mobile": "12", "step": "submit"})
    page = text(response)
    assert response.status_code == 422 and not Application.objects.exists()
    assert f'value="{young}"' in page and re.findall(r'id="id_(\w+)_error"', page) == ["number", "mobile"]
    assert "会员登记校验" in page and "16" in page, "the rule is named"
    assert typed_of(Draft.objects.get(pk=draft.pk))["number"] == young


def test_an_answer_is_checked_as_it_is_typed_and_kept(client, tiers):
    here, draft = begin(client, "unit")
    assert re.findall(r'name="tier" value="(\w+)"[^>]* checked', text(client.get(here))) == ["unit"], "the only tier"
    wrong = credit_code()[:-1] + "0"
    response = post(client, "apply_check", draft.key, asked="credit_code", credit_code=wrong, name="江海省第二医院")
    assert "x-err" in text(response) and "x-basis" in text(response)
    assert typed_of(Draft.objects.get())["name"] == "江海省第二医院"
    empty = post(client, "apply_check", draft.key, asked="name", name="")
    fine = post(client, "apply_check", draft.key, asked="credit_code", credit_code=credit_code())
    assert "x-err" not in text(fine) + text(empty)
    assert f'value="{credit_code()}"' in text(client.get(here))


def test_a_recommender_who_is_nobody_is_told_beside_the_question(client, cardiology, members):
    here, _draft = begin(client)
    given = {**typed(cardiology, members), "recommenders_0_number": "2026-999999", "step": "submit"}
    page = text(client.post(here, given))
    assert "2026-999999" in page and "x-basis" in page and not Application.objects.exists()


def test_a_number_that_applied_before_reads_as_any_other(client, cardiology, members):
    pages = []
    for _time in range(2):
        here, draft = begin(client)
        response = client.post(here, {**typed(cardiology, members), "step": "submit"})
        assert response.status_code == 302
        client.get(here)  # takes the toast away
        main = re.search(r"<main.*</main>", text(client.get(here)), re.S)[0].replace(draft.key, "")
        pages.append(re.sub(r'(csrfmiddlewaretoken|once)" value="[^"]*"', "", main))
    assert pages[0] == pages[1] and Application.objects.count() == 2


def test_a_draft_goes_on_later_by_the_link_sent(client, cardiology, members):
    here, _draft = begin(client)
    client.post(here, {"name": "林杏", "email": "lin@example.org", "step": "later"})
    assert Job.objects.filter(kind="directory.telling").count() == 1
    assert 'value="林杏"' in text(client.get(here))
    client.post(here, {"name": "林杏", "email": "", "step": "later"})
    assert Job.objects.filter(kind="directory.telling").count() == 1


def test_a_unit_hands_its_paper_in_once_even_if_other_answers_are_wrong(client, association, tiers):
    here, _draft = begin(client, "unit")
    paper = SimpleUploadedFile("登记证书.pdf", b"%PDF-1.4 trial", "application/pdf")
    answers = {**unit(), "agreed": "on", "step": "submit"}
    wrong = client.post(here, {**answers, "credit_code": "1", "paper": paper})
    assert wrong.status_code == 422 and "登记证书.pdf" in text(wrong)
    assert client.post(here, answers).status_code == 302
    [kept] = Attachment.objects.all()
    assert kept.name == "登记证书.pdf" and kept.to == Application.objects.get().ref


def test_a_returned_application_is_corrected_on_the_same_address(client, visit, cardiology, members):
    application = apply(person(branch=cardiology, members=members))
    staff = visit(OFFICE)
    post(staff, "return_application", application.pk, seen="submitted", **{"back-reason": "单位名称不全"})
    here = reverse("membership:apply", args=[application.key])
    assert "单位名称不全" in text(staff.get(here))
    post(staff, "apply_correct", application.key)
    page = text(staff.get(here))
    assert f'value="{number()}"' in page and "单位名称不全" in page
    staff.post(here, {**typed(cardiology, members), "employer": "江海省第一人民医院", "step": "submit"})
    application.refresh_from_db()
    assert application.state == "submitted" and not Draft.objects.exists()


def test_an_applicant_withdraws(client, cardiology, members):
    application = apply(person(branch=cardiology, members=members))
    post(client, "apply_withdraw", application.key)
    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert client.get(reverse("membership:apply", args=["x" * 32])).status_code == 404


def test_a_member_recommends_by_the_link_or_from_the_inbox(client, visit, cardiology, members):
    application = apply(person(branch=cardiology, members=members))
    first, second = application.recommendations.all()
    page = text(client.get(reverse("membership:recommend", args=[first.key])))
    assert "林杏" in page and "江海省第一医院" in page and number() not in page and "13800001234" not in page
    assert post(client, "recommend", first.key, answer="yes").status_code == 302
    assert post(client, "recommend", first.key, answer="no").status_code == 409
    asked = visit(actor(person=second.member.person))
    assert asked.get(reverse("membership:recommendation", args=[second.pk])).url.endswith(f"{second.key}/")
    other = visit(actor(person=first.member.person))
    assert other.get(reverse("membership:recommendation", args=[second.pk])).status_code == 403


def test_wrong_roles_see_and_move_nothing(visit, cardiology, surgery, members):
    application = apply(person(branch=cardiology, members=members))
    page = reverse("membership:application", args=[application.pk])
    for who, status in ((actor(), 403), (actor("branch_chair", where=surgery), 403), (actor("supervisor"), 200),
                        (actor("leader"), 200), (actor("branch_secretary", where=cardiology), 200)):
        client = visit(who)
        assert client.get(page).status_code == status, who.roles
        if not who.has("branch_secretary"):
            post(client, "pass_application", application.pk, seen="submitted")
        assert client.get(reverse("membership:batch")).status_code == 403
    assert Application.objects.get().state == "submitted"
    assert "林杏" not in text(visit(actor("branch_chair", where=surgery)).get(reverse("membership:applications")))


def test_branch_office_and_council_decide_on_their_pages(visit, cardiology, members):
    application = apply(person(branch=cardiology, members=members, licence="老证1号"))
    branch = visit(actor("branch_secretary", where=cardiology))
    page = text(branch.get(reverse("membership:application", args=[application.pk])))
    assert "shell.visitor" not in page
    assert "320102********" in page and number() not in page and "data-pass" in page
    assert "13800001234" not in page
    post(branch, "pass_application", application.pk, seen="submitted", **{"pass-reason": "属实"})
    office = visit(OFFICE)
    refused = post(office, "verify_application", application.pk, seen="passed")
    assert refused.status_code == 422 and "x-basis" in text(refused)
    for one in application.recommendations.all():
        post(office, "recommend", one.key, answer="yes")
    assert post(office, "verify_application", application.pk, seen="passed").status_code == 302
    assert "林杏" in text(office.get(reverse("membership:batch")))
    empty = post(office, "batch", key=application.pk, decision="", held_on="2026-03-02")
    assert empty.status_code == 422 and Member.objects.count() == 2
    post(office, "batch", key=application.pk, decision="常〔2026〕5号", held_on="2026-03-02")
    application.refresh_from_db()
    assert application.member.number in text(office.get(reverse("membership:apply", args=[application.key])))
    assert application.member.number in text(office.get(reverse("membership:application", args=[application.pk])))


def test_a_number_is_read_in_full_only_by_the_desk_and_with_a_reason(visit, cardiology, surgery, members, sealed):
    application = apply(person(branch=cardiology, members=members))
    address = reverse("security:unmask", args=[application.ref, "number"])
    for who, status in ((actor("supervisor"), 403), (actor("branch_chair", where=surgery), 403), (actor(), 403)):
        assert visit(who).post(address, {"reason": "identity_check"}).status_code == status
    desk = visit(actor("branch_secretary", where=cardiology))
    assert number() not in text(desk.post(address, {"reason": ""}))
    assert number() in text(desk.post(address, {"reason": "identity_check"}))
    sealed()
    assert SealedFact.objects.filter(type__contains="unmasked").count() == 1


def test_the_second_clerk_reads_on_the_page_who_was_faster(visit, cardiology, members):
    application = apply(person(branch=cardiology, members=members))
    office = visit(OFFICE)
    post(office, "pass_application", application.pk, seen="submitted")
    late = post(office, "return_application", application.pk, seen="submitted", **{"back-reason": "缺证"})
    assert late.status_code == 422 and "2026-03-02" in text(late)
    assert Application.objects.get().state == "passed"


def test_the_list_counts_what_waits_and_leads_to_the_batch(visit, cardiology, members, association):
    verified(apply(person(branch=cardiology, members=members)))
    apply(unit(), holder="unit")
    office = visit(OFFICE)
    page = text(office.get(reverse("membership:applications")))
    assert len(re.findall(r"/members/applications/\d+/\"", page)) >= 2 and "2" in page
    picked = post(office, "batch", from_list="1", picked=Application.objects.get(name="林杏").pk)
    assert text(picked).count("checked") == 1
    assert "林杏" in text(office.get("/")) or office.get("/").status_code == 302


def test_papers_are_read_by_whoever_reviews(visit, cardiology, surgery, members, client):
    here, _draft = begin(client)
    paper = SimpleUploadedFile("证书.pdf", b"%PDF-1.4 trial", "application/pdf")
    client.post(here, {**typed(cardiology, members), "paper": paper, "step": "submit"})
    address = reverse("membership:paper", args=[Attachment.objects.get().pk])
    for who, status in ((actor("branch_chair", where=surgery), 403), (actor(), 403), (OFFICE, 200)):
        assert visit(who).get(address).status_code == status


def test_whoever_signed_in_finds_what_they_began(visit, tiers):
    begun, _draft = begin(visit(actor()))
    page = visit(actor())
    assert begun in text(page.get(reverse("membership:choose")))
    assert begun not in text(visit(middleware.NOBODY).get(reverse("membership:choose")))

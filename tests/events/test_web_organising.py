"""Pages of those who propose, agree, file, run, look over and settle events."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xinglin.engines.events.actions.closing import Figures, hold_event
from xinglin.engines.events.actions.deciding import file_event, open_registration
from xinglin.engines.events.actions.doors import enrol_device
from xinglin.engines.events.actions.proposing import propose_event
from xinglin.engines.events.actions.series import open_series
from xinglin.engines.events.checklists import points_of
from xinglin.engines.events.counted import Counted, count_with
from xinglin.engines.events.entering import release_entries
from xinglin.engines.events.gate_lists import known_of, version_of
from xinglin.engines.events.meetings import Event, State
from xinglin.engines.events.tickets import ticket_text
from xinglin.kernel import clock
from xinglin.kernel.files import Attachment

from .conftest import DAY, FIRST, GENERAL, HOUSE, OFFICE, actor, at
from .phones import crowd

pytestmark = pytest.mark.django_db
LAST = date(2026, 5, 17)


def url(name, *args):
    return reverse(f"events:{name}", args=args)


def text(response):
    return response.content.decode()


def typed(**given):
    return {"kind": "academic", "title": "东方心血管病学学术会议", "role": "host", "from_on": "2026-05-16",
            "last_on": "2026-05-17", "format": "on_site", "place": "江海会议中心", "heads": "120", "planned": "on",
            **given}


@pytest.fixture
def office(visit):
    return visit(OFFICE)


@pytest.fixture
def secretary(visit, cardiology):
    return visit(actor("branch_secretary", where=cardiology))


def test_an_event_is_proposed_with_its_budget_and_the_grade_shows_why(secretary, cardiology):
    page = secretary.get(url("draft"))
    assert "三级" in text(page) and "江海省医师协会" not in text(page).partition("id_organisation")[2][:900]
    answer = secretary.post(url("draft"), typed(**{
        "organisation": cardiology.pk, "heads": "320", "expense-0-code": "venue", "expense-0-planned": "18,000",
        "expense-1-code": "lecture", "expense-1-planned": "6000", "income-0-code": "fees", "income-0-planned": "24000",
        "partner-0-part": "co_organiser", "partner-0-name": "江海省人民医院（虚构）"}))
    event = Event.objects.get()
    assert answer.status_code == 302 and answer["Location"].endswith(event.get_absolute_url())
    assert (event.grade, event.last_on, event.budget.count(), event.partners.get().part) == (
        "2", LAST, 3, "co_organiser")
    page = text(secretary.get(event.get_absolute_url()))
    assert "还缺" in page and "二级" in page and "G14" not in page.partition("<h1")[0]


def test_abstracts_are_asked_for_on_the_form_and_a_change_keeps_them(secretary, cardiology):
    secretary.post(url("draft"), typed(organisation=cardiology.pk, abstracts_until="2026-04-01"))
    event = Event.objects.get()
    assert event.abstracts_until == date(2026, 4, 1)
    page = secretary.get(url("amend", event.pk))
    assert 'value="2026-04-01"' in text(page)


def test_bad_input_comes_back_beside_its_fields_with_all_that_was_typed(secretary, cardiology):
    page = secretary.post(url("draft"), typed(**{
        "organisation": cardiology.pk, "title": "中华高端峰会", "heads": "0", "expense-0-planned": "500"}))
    assert page.status_code == 422
    assert page.context["form"].errors["expense-0-code"] and "中华高端峰会" in text(page)
    page = secretary.post(url("draft"), typed(organisation=cardiology.pk, title="中华高端峰会", heads="0"))
    assert set(page.context["form"].errors) == {"title", "heads"}
    page = secretary.post(url("draft"), typed(organisation=cardiology.pk, last_on="2026-05-01"))
    assert "last_on" in page.context["form"].errors and not Event.objects.exists()


@pytest.mark.parametrize(("given", "grade", "steps"), [
    ({"heads": "120"}, "3", ("主任委员", "办公室")),
    ({"heads": "1,200"}, "1", ("主任委员", "办公室", "秘书长", "分管领导")),
    ({"heads": "十人"}, "3", ("主任委员", "办公室")),
    ({"heads": "50", "expense-0-planned": "200,000"}, "2", ("主任委员", "办公室", "秘书长")),
])
def test_c03_the_grade_follows_what_is_typed(secretary, cardiology, given, grade, steps):
    page = secretary.post(url("grade"), typed(organisation=cardiology.pk, **given))
    assert (page.context["now"].grade, page.context["now"].steps) == (grade, steps)


def test_c05_the_next_edition_is_proposed_while_typing(office, association):
    forum = open_series(by=OFFICE, on=DAY, title="江海医院发展论坛", organisation=association, known_edition=10,
                        known_year=2025)
    page = office.post(url("grade"), typed(organisation=association.pk, series=forum.pk))
    assert page.context["now"].proposal.number == 11 and "C05" in text(page)
    refused = office.post(url("draft"), typed(organisation=association.pk, series=forum.pk, edition="13"))
    assert refused.status_code == 422 and "edition" in refused.context["form"].errors
    office.post(url("draft"), typed(organisation=association.pk, series=forum.pk))
    event = Event.objects.get()
    assert event.edition == 11
    changed = office.post(url("amend", event.pk), typed(organisation=association.pk, series=forum.pk, edition="11",
                                                         place="另一会场"))
    assert changed.status_code == 302 and Event.objects.get().place == "另一会场"
    assert "11" in text(office.get(forum.get_absolute_url()))


def test_the_agenda_is_laid_out_and_a_clash_stands_beside_its_field(secretary, draft, someone):
    event, wang = draft(sessions=False, kind="annual_meeting"), someone("王小明")
    assert secretary.post(url("lay_out", event.pk)).status_code == 302
    assert event.sessions.filter(kind="oath").count() == 1
    assert "宣誓" in text(secretary.get(url("agenda", event.pk)))
    given = {"title": "甲", "kind": "lecture", "day": "2026-05-16", "from_at": "18:00", "until_at": "19:00",
             "room": "主会场", "seats": "300", "on_site": "on", "speakers": [wang.ref]}
    assert secretary.post(url("add_session", event.pk), given).status_code == 302
    again = secretary.post(url("add_session", event.pk), {**given, "title": "乙", "from_at": "18:30",
                                                          "until_at": "19:30", "others": "李某，江海省人民医院"})
    assert again.status_code == 422 and set(again.context["form"].errors) == {"room", "speakers"}
    row = event.sessions.get(title="甲")
    page = secretary.get(url("session", event.pk, row.pk))
    assert page.context["form"].initial["speakers"] == [wang.ref] and page.context["form"].initial["seats"] == 300
    assert secretary.post(url("remove_session", event.pk, row.pk)).status_code == 302
    assert not event.sessions.filter(title="甲").exists()


def test_who_is_asked_sees_it_waiting_and_decides(visit, draft, cardiology):
    event = propose_event(by=HOUSE, on=DAY, event=draft(heads=300))
    chair = visit(actor("branch_chair", where=cardiology))
    page = chair.get(url("approvals"))
    assert [one.event for one in page.context["mine"]] == [event]
    page = chair.post(url("decide", event.pk, 0), {"answer": "back", "decide-reason": ""})
    assert page.status_code == 422 and page.context["decide"].errors
    assert chair.post(url("decide", event.pk, 0), {"answer": "yes"}).status_code == 302
    office = visit(OFFICE)
    assert [one.role for one in office.get(url("approvals")).context["mine"]] == ["office"]
    office.post(url("decide", event.pk, 1), {"answer": "yes", "decide-reason": "预算合理"})
    general = visit(GENERAL)
    late = general.post(url("decide", event.pk, 1), {"answer": "yes"})
    assert late.status_code == 422 and late.context["decide"].refusals
    general.post(url("decide", event.pk, 2), {"answer": "yes"})
    assert Event.objects.get().state == State.APPROVED


def test_c06_filing_by_the_office_with_its_paper_opens_registration(visit, draft, approve, cardiology):
    event = approve(draft())
    secretary = visit(actor("branch_secretary", where=cardiology))
    refused = secretary.post(url("start", event.pk))
    assert refused.status_code == 409 and "依据" in text(refused)
    assert secretary.get(url("file", event.pk)).status_code == 403
    office = visit(OFFICE)
    office.post(url("file", event.pk), {"number": "江医报〔2026〕7号", "paper": SimpleUploadedFile(
        "回执.txt", "合成回执".encode())})
    event.refresh_from_db()
    assert event.filing_number == "江医报〔2026〕7号" and Attachment.objects.filter(to=event.ref).count() == 1
    [paper] = Attachment.objects.filter(to=event.ref)
    assert office.get(url("paper", paper.pk)).status_code == 200
    assert visit(actor()).get(url("paper", paper.pk)).status_code == 403
    assert visit(actor("branch_secretary", where=cardiology)).post(url("start", event.pk)).status_code == 302
    event.refresh_from_db()
    assert event.state == State.OPEN
    assert secretary.post(url("stop", event.pk)).status_code == 302
    page = secretary.post(url("call_off", event.pk), {"why-reason": ""})
    assert page.status_code == 422
    secretary.post(url("call_off", event.pk), {"why-reason": "场地停用"})
    event.refresh_from_db()
    assert event.state == State.CANCELLED


def test_k1_the_permit_is_written_down(office, draft, approve):
    event = approve(draft(public=True, heads=1000))
    assert "K1" in text(office.get(event.get_absolute_url()))
    office.post(url("permit", event.pk), {"permit-number": "公安许可〔2026〕3号"})
    assert event.approvals.get(role="permit").reason == "公安许可〔2026〕3号"


def test_after_the_event_figures_report_checks_and_accounts(visit, draft, approve, cardiology, sealed):
    event = approve(draft(budget=[("income", "fees", 24000), ("expense", "venue", 18000)]))
    event = file_event(by=OFFICE, on=DAY, event=event, number="7号")
    event = open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
    with clock.pretending(LAST):
        chair = visit(actor("branch_chair", where=cardiology))
        page = text(chair.get(event.get_absolute_url()))
        assert "登记到会人次" in page
        early = chair.get(url("settle", event.pk))
        assert early.status_code == 200
        assert chair.post(url("hold", event.pk), {"people_on_site": "", "people_online": "0"}).status_code == 422
        chair.post(url("hold", event.pk), {"people_on_site": "210", "people_online": "0"})
        sealed()
        assert chair.get(url("hold", event.pk)).context["form"].initial["people_on_site"] == 210
        assert "210" in text(chair.get(event.get_absolute_url()))
        assert chair.post(url("report", event.pk), {"once": "1"}).status_code == 422
        chair.post(url("report", event.pk), {"papers": SimpleUploadedFile("总结.txt", "合成总结".encode())})
        lines = {f"line-{one.pk}": str(one.planned + 100) for one in event.budget.all()}
        refused = chair.post(url("settle", event.pk), lines)
        assert refused.status_code == 422 and "C07" in text(refused)
        assert chair.post(url("check", event.pk, "content"), {}).status_code == 403
        supervisor = visit(actor("supervisor"))
        assert supervisor.get(url("hold", event.pk)).status_code == 403
        bare = supervisor.post(url("check", event.pk, "content"), {"content-note": "已看"})
        assert bare.status_code == 422 and "evidence" in [*bare.context["phases"][0]["points"][2][3].errors]
        for place, point in enumerate(points_of(event)):
            supervisor.post(url("check", event.pk, point.code), {f"{point.code}-evidence": SimpleUploadedFile(
                f"{point.code}.txt", f"合成材料{place}".encode())})
        assert "三张检查单都已核齐" in text(supervisor.get(url("checks", event.pk)))
        assert visit(actor("branch_chair", where=cardiology)).post(url("settle", event.pk), lines).status_code == 302
        event.refresh_from_db()
        assert event.state == State.SETTLED and event.budget.get(side="income").actual == Decimal(24100)
        sealed()
        paper = supervisor.get(url("summary", event.pk))
        assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")


def test_the_summary_says_what_the_facts_say(draft, approve, sealed):
    from xinglin.engines.events.summary import summary_values

    event = approve(draft(budget=[("expense", "venue", 18000)]))
    event = hold_event(by=HOUSE, on=LAST, event=event, figures=Figures(people_on_site=210, people_online=35))
    sealed()
    said = summary_values(event)
    assert dict(said["figures"])["线下人次"] == "210" and dict(said["figures"])["线上人次"] == "35"
    assert len(said["facts"]) == 1 and not said["accounts"]["settled"]
    hold_event(by=HOUSE, on=LAST, event=event, figures=Figures(people_on_site=209, people_online=35))
    sealed()
    assert dict(summary_values(Event.objects.get(pk=event.pk))["figures"])["线下人次"] == "209"


def test_what_was_counted_at_the_doors_is_proposed(visit, draft, approve, monkeypatch):
    from xinglin.engines.events import counted as module

    monkeypatch.setattr(module, "_counters", [])
    count_with(lambda event: Counted(on_site=181, online=22))
    event = approve(draft(format="hybrid", heads_online=50))
    with clock.pretending(LAST):
        page = visit(OFFICE).get(url("hold", event.pk))
    assert page.context["form"].initial == {"people_on_site": 181, "people_online": 22}


def test_c07_the_phone_is_asked_for_its_camera(visit, draft):
    page = text(visit(actor("supervisor")).get(url("checks", draft().pk)))
    assert 'capture="environment"' in page


def test_the_survey_takes_one_answer_and_shows_none_too_early(visit, client, draft, approve):
    from xinglin.engines.events.surveys import token_of

    event = approve(draft())
    address = url("survey", token_of(event))
    with clock.pretending(FIRST):
        assert client.get(url("survey", "1:made-up")).status_code == 404
        assert "content" in text(client.get(address))
        assert client.post(address, {"content": "5"}).status_code == 422
        done = client.post(address, {"content": "5", "speakers": "4", "service": "5"})
        assert done.status_code == 200 and event.survey_answers.count() == 1
        assert client.get(address).context["taken"]
        page = text(visit(OFFICE).get(url("survey_answers", event.pk)))
        assert token_of(event) in page and "很有用" not in page
    with clock.pretending(FIRST + timedelta(days=60)):
        client.cookies.clear()
        assert not client.get(address).context["open"]


def test_c08_half_hours_reservation_gate_and_list(visit, draft, someone):
    event = draft(pack=True)
    Event.objects.filter(pk=event.pk).exists()
    office = visit(OFFICE)
    assert office.post(url("entries", event.pk), {"from_time": "08:10", "until_time": "09:00",
                                                  "places": "2"}).status_code == 422
    assert office.post(url("entries", event.pk), {"from_time": "08:00", "until_time": "09:00",
                                                  "places": "1"}).status_code == 302
    page = office.get(url("entries", event.pk))
    assert len(page.context["slots"]) == 4
    refused = office.post(url("risks"), {"high": "320106 abc", "source": "合成"})
    assert refused.status_code == 422 and refused.context["form"].errors["high"]
    assert office.post(url("risks"), {"high": "320106", "medium": "", "source": "合成"}).status_code == 302
    [wang] = crowd(event, 1)
    given = {"temperature": "36.5", "code": "green"}
    for ticket in (wang.code.lower(), ticket_text(wang)):
        answer = office.post(url("entry_gate", event.pk), {**given, "ticket": ticket})
        assert answer.context["visitor"] == wang and not answer.context["verdict"] and "C08" in text(answer)
    for ticket in ("T0", ticket_text(wang)[:-3], "\0"):
        assert office.post(url("entry_gate", event.pk), {**given, "ticket": ticket}).status_code == 422
    assert visit(actor()).get(url("entries", event.pk)).status_code == 403
    assert visit(actor("leader")).post(url("entries", event.pk), {
        "from_time": "08:00", "until_time": "09:00", "places": "3"}).status_code == 403


def test_c08_who_is_registered_reserves_without_an_account_once_the_event_is_open(visit, client, draft, approve):
    event = approve(draft(pack=True, kind="seminar", from_on=date(2030, 5, 16), until_on=date(2030, 5, 17)))
    li, zhao = crowd(event, 2)
    office = visit(OFFICE)
    office.post(url("entries", event.pk), {"from_time": "08:00", "until_time": "08:30", "places": "1"})
    open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
    client.cookies.clear()
    assert client.get(url("reserve", "nobody")).status_code == 404
    slot = client.get(url("reserve", li.key)).context["slots"][0]
    assert client.post(url("reserve", li.key), {"item": slot.item, "region": "310000"}).status_code == 302
    assert "2030-05-16 08:00" in text(client.get(url("reserve", li.key)))
    assert client.post(url("reserve", zhao.key), {"item": slot.item, "region": "310000"}).status_code == 422
    device = enrol_device(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event, gate="东门").device
    people, version = known_of(device)["people"], version_of(event)
    assert [len(people[str(one.pk)]["slots"]) for one in (li, zhao)] == [1, 0]
    release_entries(event=event, who=li.ref, at=at("10:00", DAY))  # handed over or given back
    assert client.post(url("reserve", zhao.key), {"item": slot.item, "region": "310000"}).status_code == 302
    assert version_of(event) != version


def test_registers_boards_and_services_open_and_are_closed_to_members(visit, draft, approve, someone, association):
    event = approve(draft(kind="grassroots", region="320106", sponsored=False))
    hold_event(by=HOUSE, on=LAST, event=event, figures=Figures(people_on_site=80, people_served=60, patients=30))
    open_series(by=OFFICE, on=DAY, title="东方系列会议", organisation=association, branded=True, numbered=False)
    names = ("events", "board", "approvals", "tours", "clinics", "care", "health_days", "all_series", "risks")
    leader = visit(actor("leader"))
    for name in names:
        assert leader.get(url(name)).status_code == 200, name
    assert "东方系列会议" in text(leader.get(url("board")))
    assert leader.get(url("draft")).status_code == 403 and leader.get(url("visit")).status_code == 403
    member = visit(actor())
    for name in names:
        assert member.get(url(name)).status_code == 403, name


def test_c15_and_w06_are_written_down_on_their_pages(visit, someone):
    office, wang = visit(OFFICE), someone("王小明")
    given = {"reason": "doctors_day", "given_on": "2026-03-01", "person": wang.ref, "people": "1", "money": "2000"}
    assert office.post(url("visit"), given).context["form"].errors["voucher"]
    assert office.post(url("visit"), {**given, "voucher": "记字118号"}).status_code == 302
    again = office.post(url("visit"), {**given, "voucher": "记字119号"})
    assert again.status_code == 422 and "C15" in text(again)
    assert "王小明" in text(office.get(url("care")))
    assert office.post(url("assign", "hypertension", 2026), {"owner": wang.ref}).status_code == 302
    assert "王小明" in text(office.get(url("health_days")))
    assert visit(actor("supervisor")).get(url("assign", "hypertension", 2026)).status_code == 403
    assert visit(OFFICE).get(url("assign", "nonsense", 2026)).status_code == 404


def test_a_series_is_opened_by_who_runs_it(visit, cardiology, association):
    office = visit(OFFICE)
    assert office.post(url("new_series"), {"title": "江海医师论坛", "organisation": association.pk, "numbered": "on",
                                           "known_edition": "11", "known_year": "2025"}).status_code == 302
    again = office.post(url("new_series"), {"title": "江海医师论坛", "organisation": association.pk})
    assert again.status_code == 422 and again.context["form"].errors["title"]
    assert visit(actor("supervisor")).get(url("new_series")).status_code == 403

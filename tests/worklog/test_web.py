"""The screens: every page answers, and the main ways through them work."""

import re
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xinglin.engines.worklog.actions.series import open_series, plan_edition
from xinglin.engines.worklog.actions.work import log_work
from xinglin.engines.worklog.entries import Entry, Format, State
from xinglin.engines.worklog.registers import Item, Track
from xinglin.kernel.files import Attachment
from xinglin.kernel.ledger.models import SealedFact
from xinglin.lib.tables import write_xlsx

from .conftest import ACADEMIC, CHAIR, CLERK, DAY, HEAD, MEMBER, OFFICE, SUPERVISOR, page

pytestmark = pytest.mark.django_db
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001000500"
    "0d0a2db40000000049454e44ae426082"
)


@pytest.fixture
def filled(verified, submitted, draft, track, listed, kinds, sealed):
    """A little of everything."""
    series = open_series(by=OFFICE, on=DAY, title="华东论坛", kind=kinds["forum"], organisation=ACADEMIC)
    plan_edition(by=OFFICE, on=DAY, series=series, year=2023, number=11, role="host")
    verified("forum", series=series, edition=12, role="host", format="hybrid", people_on_site=80, people_online=900)
    submitted("free_clinic", title="河西义诊", patients=60)
    draft()
    verified("party_study", title="理论学习", people=(CLERK.person,), hours=Decimal(2))
    for pattern, given in {
        "entrusted": {"party_name": "市卫健委"},
        "facility": {"subject": "directory.organisation:1"},
        "pilot": {"subject": "directory.organisation:1"},
        "construction": {"days": 20},
        "it_asset": {"grade": "can"},
        "assessment": {"grade": "level3"},
        "agreement": {"party_name": "浙江"},
    }.items():
        listed(track(pattern, f"{pattern} 台账", target=2), title=f"{pattern} 条目", **given)
    sealed()
    return series


def test_every_page_answers_those_who_may_read(visit, filled):
    client = visit(OFFICE)
    for name in (
        "register",
        "exchange",
        "mine",
        "report",
        "import",
        "queue",
        "kinds",
        "add_kind",
        "all_series",
        "add_series",
        "registers",
        "sites",
        "add_track",
        "study",
    ):
        page(client, name)
    for entry in Entry.objects.all():
        page(client, "entry", entry.pk)
        page(client, "correct", entry.pk)
    for one in Track.objects.all():
        page(client, "track", one.pk)
        page(client, "pattern", one.pattern_code)
        page(client, "add_item", one.pk)
    for one in Item.objects.all():
        page(client, "item", one.pk)
        page(client, "amend_item", one.pk)
    page(client, "series", filled.pk)
    page(client, "kind", "forum")
    assert client.get(reverse("worklog:sheet")).content.startswith(b"PK")


@pytest.mark.parametrize(
    ("actor", "name", "status"),
    [
        (MEMBER, "report", 403),
        (MEMBER, "queue", 403),
        (MEMBER, "registers", 403),
        (MEMBER, "kinds", 403),
        (CLERK, "queue", 403),
        (CLERK, "add_kind", 403),
        (SUPERVISOR, "registers", 200),
        (SUPERVISOR, "report", 403),
        (SUPERVISOR, "register", 200),
        (CHAIR, "queue", 200),
        (MEMBER, "study", 200),
    ],
)
def test_pages_ask_the_policy(visit, kinds, actor, name, status):
    assert visit(actor).get(reverse(f"worklog:{name}")).status_code == status


def test_work_is_reported_from_a_phone_with_a_photo_and_verified_by_another(visit, kinds, sealed):
    client = visit(CLERK)
    first = page(client, "report", kind="free_clinic")
    assert 'name="patients"' in first and 'name="people_online"' not in first
    response = client.post(
        reverse("worklog:report"),
        {
            "kind": "free_clinic",
            "title": "河西义诊",
            "happened_on": "2024-06-13",
            "count": "1",
            "organisation": ACADEMIC,
            "unit": "场",
            "patients": "1,060",
            "evidence": SimpleUploadedFile("a.png", PICTURE, "image/png"),
            "once": uuid4().hex,
        },
    )
    entry = Entry.objects.get()
    assert response.url == reverse("worklog:entry", args=[entry.pk])
    assert (entry.state, entry.patients, entry.happened_on.isoformat()) == (State.SUBMITTED, 1060, "2024-06-13")
    assert Attachment.objects.get().to == str(entry.ref)
    shown = page(visit(HEAD), "queue")
    picture = re.search(r'src="(/worklog/files/\d+/)"', shown).group(1)
    assert client.get(picture).status_code == 200
    response = client.post(reverse("worklog:verify", args=[entry.pk]))
    assert response.url == reverse("worklog:queue")
    entry.refresh_from_db()
    assert (entry.state, entry.verified_by) == (State.VERIFIED, HEAD.person)


def test_evidence_of_others_is_not_handed_out(visit, kinds):
    client = visit(CLERK)
    client.post(
        reverse("worklog:report"),
        {
            "kind": "free_clinic",
            "title": "河西义诊",
            "happened_on": "2024-06-13",
            "count": "1",
            "organisation": ACADEMIC,
            "unit": "场",
            "evidence": SimpleUploadedFile("a.png", PICTURE, "image/png"),
        },
    )
    file = reverse("worklog:file", args=[Attachment.objects.get().pk])
    assert visit(CHAIR).get(file).status_code == 403
    assert visit(SUPERVISOR).get(file).status_code == 200


def test_a_refused_form_comes_back_filled_with_the_reason_beside_the_field(visit, kinds):
    response = visit(CLERK).post(
        reverse("worklog:report"),
        {
            "kind": "forum",
            "title": "肝病论坛",
            "happened_on": "2024-06-20",
            "count": "1",
            "organisation": ACADEMIC,
            "unit": "场",
        },
    )
    text = response.content.decode()
    assert response.status_code == 200
    assert "2024-06-20" in text and "肝病论坛" in text
    assert 'id="id_happened_on_error"' in text
    assert Entry.objects.count() == 0


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_written(visit, kinds):
    response = visit(CLERK).post(
        reverse("worklog:report"),
        {
            "kind": "forum",
            "title": "肝病论坛",
            "happened_on": "2024-06-13",
            "count": "1",
            "organisation": ACADEMIC,
            "unit": "场",
            "evidence": SimpleUploadedFile("a.png", b"", "image/png"),
        },
    )
    assert 'id="id_evidence_error"' in response.content.decode()
    assert Entry.objects.count() == 0


def test_the_second_verifier_sees_who_was_faster(visit, submitted):
    entry = submitted()
    visit(HEAD).post(reverse("worklog:verify", args=[entry.pk]))
    response = visit(OFFICE).post(reverse("worklog:verify", args=[entry.pk]))
    assert response.status_code == 200
    assert "directory.person:head" in response.content.decode()


def test_an_entry_is_returned_from_the_queue_with_a_reason(visit, submitted):
    entry, client = submitted(), visit(HEAD)
    assert client.post(reverse("worklog:return", args=[entry.pk]), {"return-reason": ""}).status_code == 200
    client.post(reverse("worklog:return", args=[entry.pk]), {"return-reason": "缺签到表"})
    entry.refresh_from_db()
    assert (entry.state, entry.returned_for) == (State.RETURNED, "缺签到表")
    assert "缺签到表" in page(visit(CLERK), "entry", entry.pk)


def test_many_are_verified_at_once_and_those_that_cannot_be_are_named(visit, submitted, draft):
    good, bad = submitted(), draft(title="还是草稿")
    response = visit(HEAD).post(reverse("worklog:verify_many"), {"key": [good.pk, bad.pk]}, follow=True)
    good.refresh_from_db()
    assert good.state == State.VERIFIED
    assert "还是草稿" in response.content.decode()


def test_drafts_are_submitted_from_the_list(visit, draft):
    entry, client = draft(), visit(CLERK)
    asked = client.post(reverse("worklog:submit"), {"picked": [entry.pk], "from_list": "1", "address": ""})
    assert "肝病论坛" in asked.content.decode()
    client.post(reverse("worklog:submit"), {"key": [entry.pk]})
    entry.refresh_from_db()
    assert entry.state == State.SUBMITTED


def test_a_sheet_is_shown_row_by_row_and_the_good_rows_are_logged(visit, work, kinds):
    log_work(by=CLERK, on=DAY, work=work("post", title="早已登记"))
    sheet = BytesIO()
    write_xlsx(
        target=sheet,
        columns=["种类", "事项", "日期", "数量", "单位", "主办机构", "服务人次"],
        rows=[
            ("义诊", "河西义诊", DAY, 1, "场", "学术部", 60),
            ("推文", "抗疫专题", "2024年6月3日", 5, "篇", "", None),
            ("推文", "早已登记", DAY, 1, "篇", "", None),
            ("唱歌", "合唱", DAY, 1, "", "", None),
            ("义诊", "日子不对", "上周", 1, "场", "", None),
            ("义诊", "未来义诊", "2024-07-01", 1, "场", "", None),
            ("义诊", "河西义诊", DAY, 1, "场", "学术部", 60),
        ],
    )
    client = visit(CLERK)
    response = client.post(reverse("worklog:import"), {"file": SimpleUploadedFile("工作.xlsx", sheet.getvalue())})
    shown = client.get(response.url).content.decode()
    assert shown.count("河西义诊") == 2
    assert len(re.findall(r'data-s="bad"', shown)) >= 5
    client.post(response.url, {"submit": "1", "once": uuid4().hex})
    assert sorted(Entry.objects.filter(state=State.SUBMITTED).values_list("title", "count")) == [
        ("抗疫专题", 5),
        ("河西义诊", 1),
    ]


def test_a_broken_sheet_says_what_to_do(visit, kinds):
    client = visit(CLERK)
    response = client.post(
        reverse("worklog:import"), {"file": SimpleUploadedFile("工作.xlsx", b"PK\x03\x04nonsense")}, follow=True
    )
    assert response.status_code == 200
    assert Entry.objects.count() == 0


def test_the_series_page_proposes_the_next_edition_and_refuses_a_gap(visit, kinds):
    series = open_series(by=OFFICE, on=DAY, title="华东论坛", kind=kinds["forum"], organisation=ACADEMIC)
    plan_edition(by=OFFICE, on=DAY, series=series, year=2023, number=11, role="host")
    client = visit(OFFICE)
    assert 'value="12"' in page(client, "series", series.pk)
    response = client.post(
        reverse("worklog:series", args=[series.pk]), {"number": "14", "year": "2024", "role": "host"}
    )
    assert response.status_code == 200 and "11" in response.content.decode()
    client.post(reverse("worklog:series", args=[series.pk]), {"number": "12", "year": "2024", "role": "host"})
    assert series.editions.filter(number=12, year=2024).exists()


def test_an_item_is_listed_and_moved_on_its_page(visit, track):
    tasks, client = track("entrusted", "委托任务"), visit(CLERK)
    client.post(
        reverse("worklog:add_item", args=[tasks.pk]),
        {"title": "临床路径汇总", "party_name": "市卫健委", "organisation": ACADEMIC, "due_on": "2024-09-30"},
    )
    item = tasks.items.get()
    refused = client.post(reverse("worklog:item", args=[item.pk]), {"stage": "delivered", "happened_on": "2024-06-14"})
    assert refused.status_code == 200
    client.post(reverse("worklog:item", args=[item.pk]), {"stage": "doing", "happened_on": "2024-06-10"})
    item.refresh_from_db()
    assert item.stage == "doing"
    client.post(
        reverse("worklog:amend_item", args=[item.pk]),
        {"title": "临床路径年度汇总", "party_name": "市卫健委", "organisation": ACADEMIC, "due_on": "2024-10-31"},
    )
    item.refresh_from_db()
    assert (item.title, item.due_on.isoformat()) == ("临床路径年度汇总", "2024-10-31")


def test_a_kind_is_added_changed_and_retired_by_the_office(visit, kinds):
    client = visit(OFFICE)
    client.post(
        reverse("worklog:add_kind"), {"code": "sand_table", "zh": "沙盘推演", "units": "场 次", "nouns": "推演"}
    )
    client.post(reverse("worklog:kind", args=["sand_table"]), {"zh": "桌面推演", "units": "场", "nouns": "推演 沙盘"})
    client.post(reverse("worklog:retire_kind", args=["sand_table"]), {"retire-until_on": "2024-12-31"})
    from xinglin.engines.worklog.words import Kind

    kind = Kind.objects.get(code="sand_table")
    page(client, "kind", "forum")
    said = {"zh": "高峰论坛", "units": "场", "nouns": "论坛", "numbered": "on"}
    client.post(reverse("worklog:kind", args=["forum"]), said)
    assert Kind.objects.get(code="forum").regulations == ["WL3.editions", "WL4.person_times"]
    assert (kind.zh, kind.nouns, kind.until_on.isoformat()) == ("桌面推演", ["推演", "沙盘"], "2024-12-31")


def test_the_register_counts_exports_and_opens_by_kind(visit, filled):
    client = visit(SUPERVISOR)
    text = page(client, "register", kind="academic_meeting")
    assert "肝病论坛" in text and "理论学习" not in text
    response = client.post(reverse("worklog:register"), {"export": "csv", "address": ""})
    assert response.status_code in (200, 403)


def test_the_page_of_a_fact_says_fields_and_codes_in_words(visit, verified, sealed):
    verified("forum", region="310101", format="hybrid")
    sealed()
    position = SealedFact.objects.get(type="worklog.work.verified").position
    page = visit(OFFICE).get(reverse("ledger:fact", args=[position])).content.decode()
    for said in ("核实人", "登记人", "最后修改人", str(Format.HYBRID.label), "黄浦区"):
        assert said in page
    for machine in ("verified_by", "logged_by", "hybrid", "310101", "academic_meeting"):
        assert machine not in page

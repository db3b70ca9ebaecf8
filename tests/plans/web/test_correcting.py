"""The correction page: one click is one act, two people do not overwrite each other, everything can be undone."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.plans.web.conftest import CLERK, HX, OFFICE, SECOND, SUPERVISOR, TEXT
from xinglin.plans.commitments import Commitment
from xinglin.plans.documents import Plan
from xinglin.plans.happened import total_kept
from xinglin.plans.measures import Measure

pytestmark = pytest.mark.django_db


def fresh(one):
    return Commitment.objects.get(pk=one.pk)


def edit(client, one, stamp, **given):
    prefix = f"c{one.pk}"
    values = {
        "text": one.text,
        "kind": one.kind,
        "bound": "min",
        "value": "20",
        "upper": "",
        "unit": one.unit,
        "modality": "must",
        "deadline": "2026-12-31",
        "stamp": stamp,
        **given,
    }
    return client.post(
        reverse("plans:edit", args=[one.pk]),
        {**{f"{prefix}-{k}": v for k, v in values.items()}, "tab": "waiting"},
        **HX,
    )


def test_a_file_becomes_a_plan_with_every_number_beside_its_sentence(visit):
    client = visit(OFFICE)
    response = client.post(reverse("plans:read"), {"file": SimpleUploadedFile("要点.txt", TEXT.encode())})
    plan = Plan.objects.get()
    assert (response.status_code, response["Location"]) == (302, reverse("plans:plan", args=[plan.pk]))
    body = client.get(response["Location"]).content.decode()
    one = plan.commitments.get(text__contains="走访")
    assert f'id="m-{one.pk}"' in body and f'id="c-{one.pk}"' in body
    assert client.get(reverse("plans:original", args=[plan.documents.get().pk])).getvalue() == TEXT.encode()


def test_pasted_text_without_a_year_asks_for_it_and_keeps_the_text(visit):
    client, text = visit(OFFICE), "一、学术交流\n举办论坛 3 场。\n"
    response = client.post(reverse("plans:read"), {"text": text})
    assert response.status_code == 422 and not Plan.objects.exists()
    form = response.context["form"]
    assert "year" in form.errors and form["kept"].value()
    again = {"kept": form["kept"].value(), "name": form["name"].value(), "year": "2026"}
    assert client.post(reverse("plans:read"), again).status_code == 302
    assert Plan.objects.get().year == 2026


def test_a_draft_of_another_year_is_not_moved_into_the_plan(visit):
    client = visit(OFFICE)
    client.post(reverse("plans:read"), {"text": "江海省医师协会2026年工作要点\n一、学术\n10月底前办论坛 3 场。\n"})
    plan = Plan.objects.get()
    response = client.post(reverse("plans:redraft", args=[plan.pk]), {
        "text": "江海省医师协会2027年工作要点\n一、学术\n10月底前办论坛 4 场。\n"})
    assert response.status_code == 422 and "2027" in response.content.decode()
    assert plan.documents.count() == 1 and plan.commitments.get().target == 3


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("旧稿.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "docx"),
        ("扫描.pdf", b"%PDF-1.4\n%%EOF", ""),
        ("图.txt", b"\x89PNG\r\n\x1a\n" + bytes(64), ""),
        ("空.txt", b"   \n", ""),
    ],
)
def test_what_cannot_be_read_is_refused_beside_the_field_and_nothing_is_written(visit, name, content, said):
    response = visit(OFFICE).post(reverse("plans:read"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert said in str(response.context["form"].errors["file"])
    assert not Plan.objects.exists()


def test_the_same_file_is_not_read_twice_into_one_plan(visit, read_plan):
    response = visit(OFFICE).post(
        reverse("plans:redraft", args=[read_plan.pk]), {"file": SimpleUploadedFile("要点.txt", TEXT.encode())}
    )
    assert response.status_code == 422 and "第 1 稿" in str(response.context["form"].errors["file"])


def test_a_known_title_asks_whether_it_is_the_next_draft(visit, read_plan):
    client = visit(OFFICE)
    draft = TEXT.replace("24场", "30场")
    response = client.post(reverse("plans:read"), {"file": SimpleUploadedFile("二稿.txt", draft.encode())})
    form = response.context["form"]
    assert response.status_code == 422 and "into" in form.errors and Plan.objects.count() == 1
    given = {"kept": form["kept"].value(), "name": form["name"].value(), "into": str(read_plan.pk)}
    assert client.post(reverse("plans:read"), given)["Location"] == reverse("plans:plan", args=[read_plan.pk])
    assert read_plan.documents.count() == 2
    other = {**given, "into": "new"}
    assert client.post(reverse("plans:read"), other).status_code == 302 and Plan.objects.count() == 2


def test_a_second_draft_shows_what_changed(visit, read_plan):
    client = visit(OFFICE)
    draft = TEXT.replace("基层巡讲24场", "基层巡讲30场").replace("组织行风专题学习不少于4次。", "")
    response = client.post(
        reverse("plans:redraft", args=[read_plan.pk]), {"file": SimpleUploadedFile("二稿.txt", draft.encode())}
    )
    assert response.status_code == 302
    groups = client.get(reverse("plans:drafts", args=[read_plan.pk])).context["groups"]
    assert any("30场" in one["after"] for one in groups["changed"])
    assert any("行风" in one["before"] for one in groups["gone"])


def test_accepting_answers_with_the_counts_and_an_undo(visit, card):
    one = card("走访")
    response = visit(OFFICE).post(reverse("plans:accept", args=[one.pk]), {"stamp": one.stamp, "tab": "waiting"}, **HX)
    assert fresh(one).state == "accepted"
    news = json.loads(response["HX-Trigger"])
    assert news["plans:marks"]["marks"][str(one.pk)] == [fresh(one).no, "accepted"]
    assert f'id="c-{one.pk}"' not in response.content.decode()  # it left the tab
    assert response.client.post(news["x-toast"]["undo"], {"tab": "waiting"}, **HX).status_code == 200
    assert fresh(one).state == "waiting"


def test_of_two_people_at_one_card_the_second_is_told_and_keeps_what_they_typed(visit, card):
    one = card("走访")
    seen = one.stamp
    edit(visit(SECOND), one, seen, text="走访会员单位 25 家", value="25")
    response = edit(visit(OFFICE), one, seen, text="走访医院 20 家")
    assert response.status_code == 422 and fresh(one).text == "走访会员单位 25 家"
    body = response.content.decode()
    assert "走访会员单位 25 家" in body and "走访医院 20 家" in body  # what stands, and what was typed
    again = edit(visit(OFFICE), one, fresh(one).stamp, text="走访医院 20 家")
    assert again.status_code == 200 and fresh(one).text == "走访医院 20 家"


def test_saving_a_card_unchanged_changes_nothing(visit, read):
    plan = read(TEXT + "举办师资培训班9期。全年会议不超过5个，力争立项3至5项。\n")
    figures = ("kind", "value_min", "value_max", "unit", "modality", "deadline", "edition", "text", "object")
    for one in list(plan.commitments.all()):
        stood = Commitment.objects.filter(pk=one.pk).values(*figures).get()
        form = visit(OFFICE).get(reverse("plans:edit", args=[one.pk]), **HX).context["form"]
        shown = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
        response = visit(OFFICE).post(reverse("plans:edit", args=[one.pk]), {**shown, "tab": "all"}, **HX)
        assert (response.status_code, fresh(one).state) == (200, "accepted"), one.text
        assert Commitment.objects.filter(pk=one.pk).values(*figures).get() == stood
    bounds = {(row.value_min, row.value_max) for row in plan.commitments.all()}
    assert {(9, 9), (None, 5), (3, 5), (24, 24), (4, None)} <= bounds


def test_a_wrong_figure_is_refused_beside_its_field(visit, card):
    one = card("走访")
    response = edit(visit(OFFICE), one, one.stamp, value="")
    assert response.status_code == 422
    response = edit(visit(OFFICE), one, one.stamp, bound="range", value="20", upper="10")
    assert "upper" in response.context["form"].errors or "上限" in response.content.decode()
    assert fresh(one).value_min == 20 and fresh(one).state == "waiting"


def test_splitting_merging_adding_and_discarding_renew_both_sides(visit, read_plan, card):
    client, one = visit(OFFICE), card("走访")
    parts = {"parts": "2", "stamp": one.stamp, "tab": "waiting"}
    for n, text in enumerate(("走访会员单位", "走访医院")):
        parts |= {
            f"p{n}-text": text,
            f"p{n}-kind": "count",
            f"p{n}-bound": "min",
            f"p{n}-value": str(10 + n),
            f"p{n}-unit": "家",
            f"p{n}-modality": "must",
            f"p{n}-deadline": "2026-12-31",
        }
    response = client.post(reverse("plans:split", args=[one.pk]), parts, **HX)
    assert response["HX-Retarget"] == "#read" and fresh(one).state == "discarded"
    made = list(read_plan.commitments.filter(text__startswith="走访", state="accepted").order_by("value_min"))
    assert [row.value_min for row in made] == [10, 11]
    client.post(reverse("plans:chosen", args=[read_plan.pk]), {"do": "merge", "pick": [row.pk for row in made]}, **HX)
    assert fresh(made[0]).value_min == Decimal(21)
    at = read_plan.documents.get().text.index("进一步加强")
    added = {
        "text": "党建与业务融合项目 2 个",
        "kind": "count",
        "bound": "min",
        "value": "2",
        "unit": "个",
        "modality": "must",
        "deadline": "2026-12-31",
        "span_from": at,
        "span_to": at + 12,
        "chapter": "",
    }
    client.post(reverse("plans:add", args=[read_plan.pk]), added, **HX)
    new = read_plan.commitments.get(origin="added")
    assert (new.quote, new.value_min) == ("进一步加强党建与业务融合", 2)
    client.post(reverse("plans:discard", args=[new.pk]), {"stamp": fresh(new).stamp, "tab": "all"}, **HX)
    assert fresh(new).state == "discarded"


def test_all_sure_proposals_are_accepted_at_once(visit, read_plan):
    client = visit(OFFICE)
    sure = client.get(reverse("plans:plan", args=[read_plan.pk])).context["sure"]
    assert sure > 0
    client.post(reverse("plans:accept_sure", args=[read_plan.pk]), {"tab": "waiting"}, **HX)
    assert read_plan.commitments.accepted().count() == sure


def test_a_measure_is_proposed_with_its_figures_and_confirmed_in_one_click(visit, card, visits, sealed):
    client, one = visit(OFFICE), card("走访")
    visits(4)
    sealed()
    body = client.get(reverse("plans:measures", args=[one.pk])).content.decode()
    assert "trial.visit.made" in body
    key = "trial.visit.made|count||"
    client.post(reverse("plans:bind", args=[one.pk]), {"term": key, "how": "count", "tab": "all"}, **HX)
    measure = Measure.objects.get(commitment=one, main=True)
    response = client.get(reverse("plans:facts", args=[measure.pk]))
    assert (response.context["figure"], response.context["table"].count) == (4, 4)
    counted = client.get(reverse("plans:counted"), {"term": key, "year": "2026"})
    assert counted.context["figure"] == 4 == total_kept(asked=counted.context["asked"])


def test_a_measure_that_was_looked_for_is_offered_though_the_sentence_does_not_name_it(visit, card):
    client, one = visit(OFFICE), card("党建")
    page = reverse("plans:measures", args=[one.pk])
    assert "trial.visit.made" not in client.get(page).content.decode()
    assert "trial.visit.made" in client.get(page, {"word": "走访"}).content.decode()
    assert client.get(page, {"word": "查无此事"}).context["proposals"] == []


def test_accepting_takes_the_measure_that_was_ticked(visit, card):
    one = card("走访")
    given = {"stamp": one.stamp, "tab": "waiting", "term": "trial.visit.made|count||", "how": "count"}
    visit(OFFICE).post(reverse("plans:accept", args=[one.pk]), given, **HX)
    assert Measure.objects.get(commitment=one).fact_type == "trial.visit.made"


@pytest.mark.parametrize("actor", [CLERK, SUPERVISOR], ids=lambda one: one.name)
def test_only_the_office_corrects(visit, card, actor):
    one = card("走访")
    for name in ("accept", "discard"):
        assert visit(actor).post(reverse(f"plans:{name}", args=[one.pk]), {"stamp": one.stamp}, **HX).status_code == 403
    assert visit(actor).get(reverse("plans:edit", args=[one.pk])).status_code == 403
    assert fresh(one).state == "waiting"


def test_the_page_keeps_its_number_of_queries_however_many_cards(visit, read, django_assert_max_num_queries):
    lines = "\n".join(f"{n}. 举办第{n}类学术会议 {n} 场。" for n in range(1, 121))
    plan = read(text=f"江海省医师协会（演示）2026年工作要点\n一、学术交流\n{lines}\n")
    client = visit(OFFICE)
    with django_assert_max_num_queries(40):
        response = client.get(reverse("plans:plan", args=[plan.pk]), {"tab": "all"})
    assert len(response.context["cards"]) >= 100

"""Pages of the directory: who sees them, what they do, and that nothing typed is lost."""

import io
import re
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from xinglin.directory.checks import Proof
from xinglin.directory.importing import running
from xinglin.directory.models import Batch, Merge, Organisation, Person, Term
from xinglin.kernel.jobs import Job, run_job
from xinglin.kernel.ports import ask
from xinglin.kernel.ports.addresses import Addresses
from xinglin.kernel.refs import shown
from xinglin.shell.choosing import choices
from xinglin.shell.search import found as search

from .conftest import CLERK, DAY, LI, WANG, actor
from .lists import NO_POST, kept, row, workbook

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


PAGES = ["people", "person_new", "duplicates", "organisations", "organisation_new", "tree", "imports"]


def test_the_office_sees_every_page(client, signed, wang, branch, begin):
    signed()
    begin(wang)
    for name in PAGES:
        assert client.get(reverse(f"directory:{name}")).status_code == 200, name
    for name in ("person", "person_edit", "term_new", "person_withdraw"):
        assert client.get(reverse(f"directory:{name}", args=[wang.key])).status_code == 200, name
    for part in ("document", "title", "licence", "specialties", "employment"):
        assert client.get(reverse("directory:person_add", args=[wang.key, part])).status_code == 200, part
    for deed in ("rename", "move", "close", "merge", "split"):
        assert client.get(reverse("directory:organisation_change", args=[branch.key, deed])).status_code == 200, deed
    for name in ("organisation", "organisation_edit", "term_new_here"):
        assert client.get(reverse(f"directory:{name}", args=[branch.key])).status_code == 200, name
    term = Term.objects.get(person_id=wang.key)
    for name in ("term_end", "term_edit", "term_withdraw"):
        assert client.get(reverse(f"directory:{name}", args=[term.pk])).status_code == 200, name
    assert client.get("/people/1/add/nonsense/").status_code == 404


def test_a_member_sees_only_the_own_page(client, signed, wang):
    me = signed(title="")
    assert client.get(reverse("directory:person", args=[me.key])).status_code == 200
    for url in (reverse("directory:people"), reverse("directory:person", args=[wang.key]),
                reverse("directory:imports"), reverse("directory:duplicates"), reverse("directory:person_new")):
        assert client.get(url).status_code == 403, url


def test_without_an_account_nothing_is_seen(client, wang):
    assert client.get(reverse("directory:person", args=[wang.key])).status_code == 302


def test_a_branch_secretary_sees_the_people_of_the_branch(client, signed, wang, register, branch, begin):
    signed("branch_secretary", place=branch)
    begin(wang)
    register("赵一鸣")
    page = text(client.get(reverse("directory:people")))
    assert "王小明" in page and "赵一鸣" not in page


def test_numbers_stand_covered_on_pages_and_in_exports(client, signed, wang):
    signed()
    page = text(client.get(reverse("directory:person", args=[wang.key])))
    assert "110105********002X" in page and WANG not in page and "13800005678" not in page
    sheet = client.post(reverse("directory:people"), {"export": "csv"})
    content = b"".join(sheet.streaming_content) if sheet.streaming else sheet.content
    assert "王小明" in content.decode("utf-8-sig") and "13800005678" not in content.decode("utf-8-sig")


@pytest.mark.parametrize("typed", ["王小明", "小明", "明", "wxm", "wangxiaoming", "xiaoming", "5678", "138****5678",
                                   "110105*002x", "第一医院", "王 省一院", "WANG@example.org"])
def test_the_register_is_searched_by_every_key(client, signed, found, register, wang, typed):
    signed()
    unit = found("江海省第一医院", short_name="省一院")
    from xinglin.directory.actions.employments import begin_employment

    begin_employment(by=CLERK, on=DAY, person=wang, organisation=unit)
    register("李雷")
    page = text(client.get(reverse("directory:people"), {"q": typed}))
    assert "王小明" in page and "李雷" not in page


def test_registering_by_the_form(client, signed):
    signed()
    answer = client.post(reverse("directory:person_new"), {"name": "李雷", "kind": "resident_id", "number": WANG})
    assert (answer.status_code, Person.objects.get(name="李雷").documents.get().number) == (302, WANG)


def test_a_refused_form_comes_back_filled(client, signed):
    signed()
    answer = client.post(reverse("directory:person_new"), {"name": "李雷", "kind": "resident_id", "number": "123"})
    assert (answer.status_code, Person.objects.filter(name="李雷").count()) == (422, 0)
    assert 'value="李雷"' in text(answer) and "GB 11643" in text(answer)


def test_somebody_alike_is_shown_before_a_second_entry_is_made(client, signed, wang):
    signed()
    url, given = reverse("directory:person_new"), {"name": "王小明", "kind": "resident_id"}
    answer = client.post(url, given)
    assert (answer.status_code, Person.objects.filter(name="王小明").count()) == (422, 1)
    assert reverse("directory:person", args=[wang.key]) in text(answer)
    assert client.post(url, {**given, "seen": "on"}).status_code == 302
    assert Person.objects.filter(name="王小明").count() == 2


def test_a_term_that_ends_before_it_starts_is_refused_beside_the_field(client, signed, wang, branch):
    signed()
    answer = client.post(reverse("directory:term_new", args=[wang.key]), {
        "organisation": branch, "title": "chair", "from_on": "2026-05-01", "until_on": "2026-04-01"})
    assert (answer.status_code, Term.objects.filter(post__title="chair").count()) == (422, 0)
    assert re.search(r'id="id_until_on[^"]*"[^>]*>.*2026-04-01', text(answer), re.S)


def test_an_organisation_shows_the_name_of_the_day(client, signed, found):
    signed()
    ref = found("江海省立医院", from_on=date(1952, 1, 1))
    client.post(reverse("directory:organisation_change", args=[ref.key, "rename"]), {
        "name": "江海省第一医院", "changed_on": "1984-07-01"})
    url = reverse("directory:organisation", args=[ref.key])
    assert "<h1>江海省第一医院" in text(client.get(url))
    assert "<h1>江海省立医院" in text(client.get(url, {"on": "1970-01-01"}))
    assert client.get(url, {"on": "nonsense"}).status_code == 200


def test_duplicates_are_compared_merged_and_parted(client, signed, register):
    signed()
    from django.core.cache import cache

    cache.clear()
    one, two = register("王伟", mobile="13800005678"), register("王伟", mobile="13800005678")
    assert reverse("directory:compare", args=[one.key, two.key]) in text(client.get(reverse("directory:duplicates")))
    url = reverse("directory:compare", args=[one.key, two.key])
    assert client.get(url).status_code == 200
    assert client.post(url, {"do": "merge"}).status_code == 302
    assert Person.objects.get(pk=one.key).merged_into_id == int(two.key)
    assert client.get(reverse("directory:person", args=[one.key])).url == reverse("directory:person", args=[two.key])
    client.post(reverse("directory:unmerge", args=[Merge.objects.get().pk]))
    assert Person.objects.get(pk=one.key).merged_into_id is None
    client.post(url, {"do": "distinct"})
    assert url not in text(client.get(reverse("directory:duplicates")))


def test_the_wizard_goes_from_file_to_people_and_back(client, signed, found, said):
    signed()
    found("江海省第一医院")
    file = io.BytesIO(workbook(row(), row("李雷", "男", "110105198803070011", mobile="13900000001")))
    file.name = "名册.xlsx"
    answer = client.post(reverse("directory:import_new", args=["people"]), {"file": file})
    batch = Batch.objects.get()
    assert answer.url == reverse("directory:import_columns", args=[batch.pk])
    page = text(client.get(answer.url))
    assert WANG not in page and "110105********002X" in page
    mapping = {f"column-{at}": field for at, field in batch.mapping.items()}
    answer = client.post(answer.url, mapping)
    assert answer.url == reverse("directory:import_check", args=[batch.pk])
    assert client.post(reverse("directory:import_columns", args=[batch.pk]), {"column-1": "sex"}).status_code == 422
    client.post(reverse("directory:import_columns", args=[batch.pk]), mapping)
    assert "校验码不符" in text(client.get(answer.url))
    sheet = load_workbook(io.BytesIO(client.get(reverse("directory:import_rejected", args=[batch.pk])).content))
    assert [sheet.active[cell].value for cell in ("A2", "C2", "D2")] == ["李雷", "110105********0011", "13*******01"]
    assert said("shell.list")[-1][1]["list"] == "directory.rejected_rows"
    client.post(answer.url, {"do": "accepted"})
    url = reverse("directory:batch", args=[batch.pk])
    assert client.get(url).status_code == 200
    run_job(job_id=Job.objects.get().pk)
    assert (Batch.objects.get().state, Person.objects.filter(name="王小明").count()) == ("done", 1)
    assert client.get(url).status_code == 200
    client.post(reverse("directory:import_undo", args=[batch.pk]))
    assert (Batch.objects.get().state, Person.objects.filter(name="王小明").count()) == ("undone", 0)
    assert client.get(reverse("directory:import_form", args=["people"])).status_code == 200


def test_a_half_written_import_says_so_and_is_undone_after_a_question_by_those_who_may(
    client, signed, branch, register
):
    register("王小明", proof=Proof(number=WANG), title="主任医师")
    rows = row(unit="", **NO_POST), row("李雷", "男", LI, "13900000001", unit="", **NO_POST)
    batch = running.write(kept(workbook(*rows), by=actor("department")), by=CLERK, on=DAY)
    url = reverse("directory:import_check", args=[batch.pk])
    signed()
    for seen in (reverse("directory:batch", args=[batch.pk]), url):
        page = text(client.get(seen))
        assert 'id="d-undo"' in page and 'data-opens="d-undo"' in page and "为 1 名已有人员补填的手机号一并清空" in page
        Batch.objects.update(state="failed")
    assert "已写入1人" in page and "尚未写入" not in page


def test_a_clerk_is_told_who_takes_a_half_written_import_back(client, signed, branch, found):
    batch = running.write(kept(workbook(row(unit="", **NO_POST))), by=CLERK, on=DAY)
    Batch.objects.update(state="failed")
    top = Organisation.objects.get(kind="association").ref
    signed("staff", found("会员部", kind="department", parent=top))
    page = text(client.get(reverse("directory:import_check", args=[batch.pk])))
    assert "d-undo" not in page and reverse("directory:import_undo", args=[batch.pk]) not in page
    assert "由导入人或办公室" in page


def test_a_file_that_is_no_table_comes_back_with_words(client, signed):
    signed()
    file = io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    file.name = "旧.xlsx"
    answer = client.post(reverse("directory:import_new", args=["people"]), {"file": file})
    assert (answer.status_code, Batch.objects.count()) == (422, 0)
    assert ".xlsx" in text(answer)


def test_choosers_and_the_search_over_everything_respect_what_may_be_seen(wang, branch, today):
    from .conftest import actor

    office, member = actor("office"), actor()
    assert [one.ref for one in choices(kind="directory.person", query="wxm", actor=office)] == [wang]
    assert choices(kind="directory.person", query="wxm", actor=member) == []
    assert [one.ref for one in choices(kind="directory.organisation", query="心血管", actor=member)] == [branch]
    assert [one.ref for one in choices(kind="directory.specialty", query="心内", actor=member)] == [
        "directory.specialty:kc-0304"]
    hits = {group.kind.code: [hit.label for hit in group.hits] for group in search(query="xxg", actor=office, limit=5)}
    assert hits["directory.organisation"] == ["心血管内科专业委员会"]


def test_the_address_book_answers_for_whom_a_merged_entry_became(wang, register):
    from xinglin.directory.actions.merging import merge_people

    other = register("王小明")
    merge_people(by=CLERK, on=DAY, loser=other, winner=wang)
    book = ask(Addresses).of(people=[wang, other])
    assert (book[wang].email, book[wang].mobile) == ("wang@example.org", "13800005678")
    assert book[other].mobile == "13800005678"


def test_refs_of_documents_never_show_the_number(wang):
    document = Person.objects.get().documents.get()
    label = shown([f"directory.document:{document.pk}"])[f"directory.document:{document.pk}"].label
    assert label.startswith("王小明") and "002X" not in label


def test_withdrawing_by_the_page(client, signed, register, wang, begin):
    signed()
    mistaken = register("误登")
    assert client.post(reverse("directory:person_withdraw", args=[mistaken.key])).url == reverse("directory:people")
    assert not Person.objects.filter(name="误登").exists()
    begin(wang)
    assert client.post(reverse("directory:person_withdraw", args=[wang.key])).status_code == 302
    assert Person.objects.filter(pk=wang.key).exists()


def test_leaving_a_unit_by_the_page(client, signed, register, found):
    signed()
    person = register("李雷", organisation=found())
    job = Person.objects.get(pk=person.key).employments.get()
    client.post(reverse("directory:employment_end", args=[person.key, job.pk]), {"until_on": "2026-01-01"})
    job.refresh_from_db()
    assert job.until_on == date(2026, 1, 1)


def test_nobody_enters_their_own_post_by_the_page(client, signed, branch):
    me = signed()
    assert client.get(reverse("directory:term_new", args=[me.key])).status_code == 403
    answer = client.post(reverse("directory:term_new_here", args=[branch.key]), {
        "person": me, "title": "chair", "from_on": "2026-01-01"})
    assert (answer.status_code, Term.objects.filter(post__title="chair").count()) == (403, 0)

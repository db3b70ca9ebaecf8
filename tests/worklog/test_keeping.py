"""Registers and series are changed, registers closed, and evidence taken off, on their pages."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from xinglin.engines.worklog.actions.evidence import add_evidence
from xinglin.engines.worklog.actions.registers import NothingAmended, TrackTaken, change_track, close_track
from xinglin.engines.worklog.actions.series import SeriesUnchanged, change_series, open_series
from xinglin.engines.worklog.policy import (
    may_extend_vocabulary,
    may_keep_items,
    may_keep_series,
    may_log_work,
    may_open_track,
    may_verify_anything,
    may_verify_work,
)
from xinglin.kernel.files import attachments, keep
from xinglin.kernel.policy import NotAllowed

from .conftest import ACADEMIC, BRANCH, CLERK, DAY, HEAD, OFFICE, SECRETARY, page, person

pytestmark = pytest.mark.django_db


def test_the_target_and_title_of_a_register_are_corrected_on_its_page(visit, track):
    one, client = track("facility", "护理中心", target=30), visit(HEAD)
    assert 'value="30"' in page(client, "change_track", one.pk)
    client.post(
        reverse("worklog:change_track", args=[one.pk]),
        {"title": "2024 年护理中心", "organisation": ACADEMIC, "target": "15", "modality": "must",
         "due_on": "2024-12-31"},
    )
    one.refresh_from_db()
    assert (one.title, one.target, one.due_on.isoformat()) == ("2024 年护理中心", 15, "2024-12-31")


def test_a_register_is_closed_on_its_page_and_stays_readable(visit, track, listed):
    one, client = track("campaign", "文明单位创建"), visit(OFFICE)
    listed(one, title="志愿服务")
    asked = page(client, "change_track", one.pk)
    assert "1 项" in asked or "1 item" in asked
    client.post(reverse("worklog:close_track", args=[one.pk]))
    one.refresh_from_db()
    assert one.closed_on == DAY
    assert "文明单位创建" in page(client, "registers")
    assert "2024-06-14" in page(client, "track", one.pk)
    assert client.get(reverse("worklog:change_track", args=[one.pk])).status_code == 403


@pytest.mark.parametrize("name", ["change_track", "close_track"])
def test_who_may_not_open_a_register_neither_changes_nor_closes_it(visit, track, name):
    one = track("campaign", "创建")
    assert visit(CLERK).post(reverse(f"worklog:{name}", args=[one.pk]), {"title": "另名"}).status_code == 403
    one.refresh_from_db()
    assert (one.title, one.closed_on) == ("创建", None)


def test_a_change_that_says_nothing_or_takes_anothers_title_or_keeper_is_refused(track):
    one = track("campaign", "创建")
    track("campaign", "另一个")
    said = {"by": HEAD, "on": DAY, "track": one}
    with pytest.raises(NothingAmended):
        change_track(**said, title="创建", organisation=ACADEMIC)
    with pytest.raises(TrackTaken):
        change_track(**said, title="另一个", organisation=ACADEMIC)
    with pytest.raises(NotAllowed):
        change_track(**said, title="创建", organisation=BRANCH)
    close_track(**said)
    for again in (close_track, lambda **given: change_track(**given, title="新名", organisation=ACADEMIC)):
        with pytest.raises(NotAllowed):
            again(**said)


def test_a_series_is_changed_on_its_page_by_who_keeps_it(visit, kinds):
    kind, client = kinds["forum"], visit(CLERK)
    series = open_series(by=OFFICE, on=DAY, title="华东论坛", kind=kind, organisation=ACADEMIC, aliases=("华东",))
    given = {"title": "华东医院论坛", "organisation": ACADEMIC, "aliases": "华东 东部", "per_year": "1"}
    assert 'value="华东"' in page(client, "change_series", series.pk)
    client.post(reverse("worklog:change_series", args=[series.pk]), given)
    series.refresh_from_db()
    assert (series.title, series.aliases) == ("华东医院论坛", ["华东", "东部"])
    assert visit(SECRETARY).get(reverse("worklog:change_series", args=[series.pk])).status_code == 403
    said = {"by": CLERK, "on": DAY, "series": series, "title": series.title, "aliases": tuple(series.aliases)}
    with pytest.raises(SeriesUnchanged):
        change_series(**said, organisation=ACADEMIC)
    with pytest.raises(NotAllowed):
        change_series(**said, organisation=BRANCH)


def test_evidence_is_taken_off_an_entry_until_somebody_verified_it(visit, draft, verified):
    files = [keep(content=ContentFile("合影\n".encode(), name="合影.txt"))]
    open_, fixed = draft(), verified(title="已核实")
    for one in (open_, fixed):
        add_evidence(by=CLERK, on=DAY, entry=one, evidence=files)
    client = visit(CLERK)
    (mine,), (theirs,) = attachments(to=open_.ref), attachments(to=fixed.ref)
    take_off = reverse("worklog:remove_evidence", args=[open_.pk, mine.pk])
    assert take_off in page(client, "entry", open_.pk)
    assert reverse("worklog:remove_evidence", args=[fixed.pk, theirs.pk]) not in page(client, "entry", fixed.pk)
    assert client.post(reverse("worklog:remove_evidence", args=[open_.pk, theirs.pk])).status_code == 404
    client.post(take_off)
    client.post(reverse("worklog:remove_evidence", args=[fixed.pk, theirs.pk]))
    assert (len(attachments(to=open_.ref)), len(attachments(to=fixed.ref))) == (0, 1)


def test_three_pilots_of_one_hospital_in_one_register_stand_on_the_page_of_sites(visit, track, listed):
    pilots = track("pilot", "各类国家级试点")
    items = [listed(pilots, title=title, subject="directory.organisation:1") for title in ("转化", "旅游", "集团")]
    client = visit(OFFICE)
    for text in (page(client, "sites"), page(client, "pattern", "pilot")):
        assert all(reverse("worklog:item", args=[one.pk]) in text for one in items)
    assert "转化" in page(client, "pattern", "pilot")


def test_who_may_not_correct_what_counts_reads_who_does(visit, verified):
    entry = verified()
    address = reverse("worklog:correct", args=[entry.pk])
    for actor, may in ((CLERK, False), (HEAD, True)):
        text = page(visit(actor), "entry", entry.pk)
        assert (address in text, "更正。" in text) == (may, not may)
        assert visit(actor).get(address).status_code == (200 if may else 403)


def test_an_entry_without_evidence_is_pointed_out_on_its_page(visit, submitted):
    entry = submitted()
    assert "没有佐证材料" in page(visit(HEAD), "entry", entry.pk)
    assert "没有佐证材料" in page(visit(HEAD), "queue")


def test_a_supervisor_with_a_post_elsewhere_is_told_before_the_form_what_every_act_would_say(
    visit, track, listed, submitted
):
    both = person("li", {"supervisor": "", "office": "", "branch_secretary": BRANCH})
    one = track("campaign", "创建")
    verdicts = [
        may_log_work(actor=both),
        may_verify_anything(actor=both),
        may_verify_work(actor=both, entry=submitted()),
        may_open_track(actor=both),
        may_keep_items(actor=both, track=one),
        may_extend_vocabulary(actor=both),
        may_keep_series(actor=both),
    ]
    assert {(bool(said), said.regulation) for said in verdicts} == {(False, "SE9.separation")}
    assert [visit(both).get(reverse(f"worklog:{name}")).status_code for name in ("report", "registers")] == [403, 200]

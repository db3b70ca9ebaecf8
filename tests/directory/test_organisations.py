"""Organisations over time: founding, names and parents as of a date, mergers, splits and closures."""

from datetime import date

import pytest

from xinglin.directory import answers
from xinglin.directory.actions import employments, endings, organisations
from xinglin.directory.models import Employment, Organisation, OrganisationChange, Term
from xinglin.directory.refusals import (
    AlreadyEnded,
    CreditCodeTaken,
    CreditCodeWrong,
    EndsBeforeStart,
    NameMissing,
    NotFound,
    NothingChanged,
    PartOfItself,
    RegionUnknown,
    StillNeeded,
    UnknownCode,
)
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref

from .conftest import CLERK, DAY, actor

pytestmark = pytest.mark.django_db
CODE = "51310000500123453M"


def test_founding_writes_the_organisation_and_says_it(found, said):
    ref = found("江海省第一医院", level="三甲", region="320100", credit_code=CODE.lower(), short_name="省一院",
                from_on=date(1952, 1, 1))
    row = Organisation.objects.get()
    assert (row.kind, row.level, row.region, row.credit_code) == ("hospital", "3a", "320100", CODE)
    assert row.level_label == "三级甲等"
    assert said() == [("organisation.founded", {"organisation": str(ref), "kind": "hospital", "from_on": "1952-01-01"})]


@pytest.mark.parametrize(("given", "refusal", "field"), [
    ({"name": " "}, NameMissing, "name"),
    ({"kind": "医馆"}, UnknownCode, "kind"),
    ({"kind": ""}, NotFound, "kind"),
    ({"level": "九级"}, UnknownCode, "level"),
    ({"region": "999999"}, RegionUnknown, "region"),
    ({"credit_code": "51310000500123453X"}, CreditCodeWrong, "credit_code"),
])
def test_wrong_input_is_refused_beside_its_field(found, said, given, refusal, field):
    with pytest.raises(refusal) as refused:
        found(**given)
    assert refused.value.field == field
    assert (Organisation.objects.count(), said()) == (0, [])


def test_two_organisations_do_not_share_a_credit_code(found):
    found("甲医院", credit_code=CODE)
    with pytest.raises(CreditCodeTaken) as refused:
        found("乙医院", credit_code=CODE)
    assert (refused.value.regulation, Organisation.objects.count()) == ("F4.credit_code", 1)


def test_a_member_founds_nothing(said):
    with pytest.raises(NotAllowed):
        organisations.found_organisation(by=actor(), on=DAY, name="甲医院", kind="hospital")
    assert (Organisation.objects.count(), said()) == (0, [])


def test_the_name_is_the_one_of_the_day(found, said):
    ref = found("江海省立医院", from_on=date(1952, 1, 1))
    said()
    organisations.rename_organisation(by=CLERK, on=DAY, organisation=ref, name="江海省第一医院",
                                      changed_on=date(1984, 7, 1))
    organisations.rename_organisation(by=CLERK, on=DAY, organisation=ref, name="江海大学附属第一医院",
                                      changed_on=date(2015, 9, 1), decision="江编办〔2015〕12号",
                                      short_name="江大一附院")
    names = [answers.organisation(ref, on=date(year, 8, 1)).name for year in (1970, 1984, 2014, 2015, 2026)]
    assert names == ["江海省立医院", "江海省第一医院", "江海省第一医院", "江海省第一医院", "江海大学附属第一医院"]
    assert answers.organisation(ref, on=date(1984, 6, 30)).name == "江海省立医院"
    assert answers.organisation(ref, on=date(2015, 9, 1)).name == "江海大学附属第一医院"
    assert [type_ for type_, _body in said()] == ["organisation.renamed", "organisation.renamed"]
    assert [one.ref for one in answers.organisations_found("江海省立")] == [ref]


def test_a_renaming_entered_late_is_sorted_by_its_day(found):
    ref = found("丙")
    organisations.rename_organisation(by=CLERK, on=DAY, organisation=ref, name="丁", changed_on=date(2020, 1, 1))
    with pytest.raises(NothingChanged):
        organisations.rename_organisation(by=CLERK, on=DAY, organisation=ref, name="丁", changed_on=date(2021, 1, 1))
    assert answers.organisation(ref, on=date(2019, 12, 31)).name == "丙"


def test_correcting_says_what(found, said):
    ref = found()
    said()
    organisations.correct_organisation(by=CLERK, on=DAY, organisation=ref, level="3a", kind="university")
    assert said() == [("organisation.corrected", {
        "organisation": str(ref), "what": ["kind", "level"], "kind": "university"})]
    with pytest.raises(NothingChanged):
        organisations.correct_organisation(by=CLERK, on=DAY, organisation=ref, level="三级甲等")
    with pytest.raises(NotAllowed):
        organisations.correct_organisation(by=actor("branch_secretary"), on=DAY, organisation=ref, level="2a")


def test_a_move_changes_the_parent_from_its_day_on(found, branch, said):
    other = found("江海省医学会（虚构）", kind="society")
    said()
    organisations.move_organisation(by=CLERK, on=DAY, organisation=branch, parent=other, changed_on=date(2025, 1, 1))
    assert said() == [("organisation.moved", {"organisation": str(branch), "parent": str(other)})]
    before, after = (answers.organisation(branch, on=date(year, 6, 1)).parent for year in (2024, 2025))
    assert (before != other, after) == (True, other)
    assert [one.ref for one in answers.parts(other, on=date(2024, 12, 31))] == []
    assert [one.ref for one in answers.parts(other, on=date(2025, 1, 1))] == [branch]
    assert [one.ref for one in answers.parts(before, on=date(2024, 12, 31))] == [branch]


def test_the_tree_reads_the_register_once_a_level(found, branch, django_assert_max_num_queries):
    top = answers.organisation(branch, on=DAY).parent
    office, young = found("办公室", kind="office", parent=top), found("青年委员会", kind="branch", parent=branch)
    for number in range(20):
        found(f"第{number + 1}专业委员会", kind="branch", parent=top)
    with django_assert_max_num_queries(12):
        tree = answers.tree(top, on=DAY)
    assert len(tree.parts) == 22
    below = {one.organisation.ref: [part.organisation.ref for part in one.parts] for one in tree.parts}
    assert (below[branch], below[office]) == ([young], [])


def test_an_organisation_is_no_part_of_its_own_part(branch):
    association = answers.organisation(branch, on=DAY).parent
    with pytest.raises(PartOfItself) as refused:
        organisations.move_organisation(by=CLERK, on=DAY, organisation=association, parent=branch, changed_on=DAY)
    assert refused.value.field == "parent"


def test_closing_ends_the_terms_of_the_branch(branch, begin, wang, said):
    begin(wang)
    said()
    endings.close_organisation(by=CLERK, on=DAY, organisation=branch, until_on=date(2026, 7, 1),
                                decision="常〔2026〕3号")
    assert [type_ for type_, _body in said()] == ["term.ended", "organisation.closed"]
    term = Term.objects.get()
    assert (term.until_on, term.ended_by) == (date(2026, 7, 1), "reorganised")
    assert answers.organisation(branch, on=DAY).until_on == date(2026, 7, 1)
    with pytest.raises(AlreadyEnded):
        endings.close_organisation(by=CLERK, on=DAY, organisation=branch, until_on=date(2026, 8, 1))


def test_an_organisation_with_parts_is_not_closed(branch):
    association = answers.organisation(branch, on=DAY).parent
    with pytest.raises(StillNeeded):
        endings.close_organisation(by=CLERK, on=DAY, organisation=association, until_on=DAY)
    assert Organisation.objects.filter(until_on=None).count() == 2


def test_an_end_before_the_beginning_is_refused(branch):
    with pytest.raises(EndsBeforeStart):
        endings.close_organisation(by=CLERK, on=DAY, organisation=branch, until_on=date(2010, 6, 1))


def test_a_merger_moves_people_and_parts(found, register, said):
    first, second = found("甲医院"), found("乙医院")
    part = found("甲医院东院", parent=first)
    zhao = register("赵一", organisation=first, department="内科")
    qian = register("钱二", organisation=second)
    employments.begin_employment(by=CLERK, on=DAY, person=qian, organisation=first, main=False)
    said()
    endings.merge_organisations(by=CLERK, on=DAY, organisation=first, into=second, until_on=date(2026, 1, 1))
    assert sorted(type_ for type_, _body in said()) == [
        "employment.begun", "employment.ended", "employment.ended", "organisation.merged", "organisation.moved"]
    now = answers.organisation(first, on=DAY)
    assert (now.until_on, now.successor) == (date(2026, 1, 1), second)
    assert answers.organisation(part, on=DAY).parent == second
    jobs = Employment.objects.filter(person_id=zhao.key).order_by("pk").values_list(
        "organisation__name", "department", "from_on", "until_on")
    assert list(jobs) == [("甲医院", "内科", None, date(2026, 1, 1)), ("乙医院", "内科", date(2026, 1, 1), None)]
    assert Employment.objects.filter(person_id=qian.key, organisation_id=second.key).count() == 1
    with pytest.raises(PartOfItself):
        endings.merge_organisations(by=CLERK, on=DAY, organisation=second, into=second, until_on=DAY)


def test_a_split_names_what_came_out(found, said):
    whole, first, second = found("丙大学"), found("丙医学院"), found("丙理工学院")
    said()
    endings.split_organisation(by=CLERK, on=DAY, organisation=whole, into=[first, second], changed_on=DAY, ends=True)
    assert said() == [("organisation.split", {
        "organisation": str(whole), "into": [str(first), str(second)], "until_on": "2026-03-02"})]
    assert OrganisationChange.objects.filter(kind="split").count() == 2
    assert answers.organisation(whole, on=DAY).until_on == DAY
    with pytest.raises(NotFound):
        endings.split_organisation(by=CLERK, on=DAY, organisation=first, into=[], changed_on=DAY)


@pytest.mark.parametrize("do", [
    lambda by, one: endings.close_organisation(by=by, on=DAY, organisation=one, until_on=DAY),
    lambda by, one: endings.merge_organisations(by=by, on=DAY, organisation=one, into=one, until_on=DAY),
    lambda by, one: endings.split_organisation(by=by, on=DAY, organisation=one, into=[one], changed_on=DAY),
    lambda by, one: organisations.rename_organisation(by=by, on=DAY, organisation=one, name="新", changed_on=DAY),
    lambda by, one: organisations.move_organisation(by=by, on=DAY, organisation=one, parent=None, changed_on=DAY),
])
def test_the_denied_change_no_organisation(branch, said, do):
    said()
    with pytest.raises(NotAllowed):
        do(actor("branch_chair", "leader"), branch)
    assert (said(), OrganisationChange.objects.count()) == ([], 0)


def test_nobody_knows_an_organisation_that_is_not_there():
    with pytest.raises(NotFound):
        organisations.correct_organisation(by=CLERK, on=DAY, organisation=Ref("directory.organisation:9"), level="3a")

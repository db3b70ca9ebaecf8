"""Our own association: which one it is, and that nothing takes its place."""

from datetime import date

import pytest

from xinglin.directory import answers
from xinglin.directory.actions import endings, organisations, terms
from xinglin.directory.importing import running
from xinglin.directory.models import Organisation
from xinglin.directory.refusals import OursStays

from .conftest import CLERK, DAY
from .lists import kept, workbook

pytestmark = pytest.mark.django_db
GIVEN = {"by": CLERK, "on": DAY}
HEADERS = ["单位名称", "单位类型", "上级单位"]


def ours():
    return answers.association(on=DAY).name


def test_our_association_is_not_moved_ended_or_made_another_kind(branch, found):
    top, other = Organisation.objects.get(kind="association").ref, found("南岸市医师协会（虚构）", kind="association")
    for do in (
        lambda: organisations.move_organisation(**GIVEN, organisation=top, parent=other, changed_on=DAY),
        lambda: organisations.correct_organisation(**GIVEN, organisation=top, kind="society"),
        lambda: organisations.correct_organisation(**GIVEN, organisation=top, from_on=date(2027, 1, 1)),
        lambda: endings.merge_organisations(**GIVEN, organisation=top, into=other, until_on=DAY),
        lambda: endings.split_organisation(**GIVEN, organisation=top, into=[other], changed_on=DAY, ends=True),
        lambda: endings.split_organisation(**GIVEN, organisation=top, into=[other], changed_on=date(2027, 1, 1),
                                           ends=True),
    ):  # fmt: skip
        with pytest.raises(OursStays):
            do()
        assert ours() == "江海省医师协会（虚构）"
    organisations.rename_organisation(**GIVEN, organisation=top, name="江海省医师学会（虚构）", changed_on=DAY)
    organisations.move_organisation(**GIVEN, organisation=branch, parent=None, changed_on=DAY)
    assert ours() == "江海省医师学会（虚构）"


def test_an_association_with_a_post_but_no_parts_is_not_closed(found, register):
    top = found("江海省医师协会（虚构）", kind="association")
    terms.begin_term(**GIVEN, person=register(), organisation=top, title="president", from_on=date(2026, 1, 1))
    with pytest.raises(OursStays):
        endings.close_organisation(**GIVEN, organisation=top, until_on=date(2026, 6, 1))


def test_an_association_entered_by_mistake_is_put_right_while_nothing_rests_on_it(found):
    top = found("江海省第一医院", kind="association")
    organisations.correct_organisation(**GIVEN, organisation=top, kind="hospital")
    assert answers.association(on=DAY) is None


def test_another_association_that_stands_first_in_a_list_is_not_ours():
    rows = [["中国医师协会（虚构）", "协会", ""], ["江海省医师协会（虚构）", "协会", ""],
            ["办公室", "秘书处办公室", "江海省医师协会（虚构）"]]
    running.write(kept(workbook(*rows, headers=HEADERS), kind="organisations"), **GIVEN)
    assert (Organisation.objects.count(), ours()) == (3, "江海省医师协会（虚构）")
    above = Organisation.objects.get(name="中国医师协会（虚构）").ref
    organisations.found_organisation(**GIVEN, name="心血管内科分会", kind="branch", parent=above)
    assert ours() == "江海省医师协会（虚构）"


def test_what_has_the_older_branch_does_not_become_ours_by_another_kind(found, branch):
    older = found("南岸市医师学会（虚构）", kind="society")
    top = Organisation.objects.get(kind="association")
    organisations.move_organisation(**GIVEN, organisation=branch, parent=older, changed_on=DAY)
    found("会员部", kind="department", parent=top.ref)
    with pytest.raises(OursStays):
        organisations.correct_organisation(**GIVEN, organisation=older, kind="association")
    assert ours() == "江海省医师协会（虚构）"

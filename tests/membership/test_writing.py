"""Letters to many members: only to people whom the writer may look up, and told in number."""

import pytest

from xinglin.engines.membership.actions.writing import NobodyToWriteTo, write_to_members
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import NotAllowed

from .conftest import DAY, OFFICE, actor

pytestmark = pytest.mark.django_db


def test_a_letter_reaches_people_only_and_is_told_in_number(someone, admit, found, said, cardiology):
    members = [admit(someone(), branch=cardiology), admit(someone("李小红")),
               admit(found("江海省第一医院"), tier="unit")]
    keys = [one.pk for one in members]
    said()
    assert write_to_members(by=OFFICE, on=DAY, members=keys, title="换届", words="四月十日开会。") == 2
    [(type_, body)] = said()
    assert (type_, body["members"]) == ("letter.sent", 2) and Notice.objects.count() == 2
    branch = actor("branch_secretary", where=cardiology)
    assert write_to_members(by=branch, on=DAY, members=keys, title="换届", words="四月十日开会。") == 1
    with pytest.raises(NobodyToWriteTo):
        write_to_members(by=OFFICE, on=DAY, members=keys[2:], title="换届", words="四月十日开会。")
    with pytest.raises(NotAllowed):
        write_to_members(by=actor(), on=DAY, members=keys, title="换届", words="四月十日开会。")

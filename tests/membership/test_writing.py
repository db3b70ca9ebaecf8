"""Letters to many members: only to people whom the writer may look up, and told in number."""

import pytest

from xinglin.directory.actions.terms import begin_term
from xinglin.engines.membership.actions.writing import NobodyToWriteTo, write_to_members
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import NotAllowed

from .conftest import DAY, HOUSE, OFFICE, actor

pytestmark = pytest.mark.django_db


def test_a_letter_to_units_reaches_their_contacts_each_person_once(someone, admit, found, said):
    units = [admit(found(name), tier="unit") for name in ("江海省第一医院", "江海省第二医院")]
    contact = someone("联络一")
    for unit in units:
        begin_term(by=HOUSE, on=DAY, person=contact.ref, organisation=unit.unit.ref, title="unit_contact", from_on=DAY)
    keys = [admit(contact).pk, *(one.pk for one in units)]
    assert write_to_members(by=OFFICE, on=DAY, members=keys, title="年会", words="请派员参加。") == 1
    assert Notice.objects.get().to == contact.ref
    assert write_to_members(by=OFFICE, on=DAY, members=keys[1:], title="年会", words="请派员参加。") == 1


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

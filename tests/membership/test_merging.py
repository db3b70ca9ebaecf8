"""When two entries are one person the membership follows, and two living memberships are never made one unasked."""

from datetime import timedelta

import pytest

from xinglin.directory.actions.merging import merge_people, unmerge_people
from xinglin.directory.models import Merge, Person
from xinglin.engines.membership.actions.exits import leave
from xinglin.engines.membership.members import Member
from xinglin.engines.membership.merging import BothMembers

from .conftest import DAY, HOUSE, actor

pytestmark = pytest.mark.django_db


def merge(loser, winner):
    merge_people(by=HOUSE, on=DAY + timedelta(days=3), loser=loser.ref, winner=winner.ref)


def test_the_membership_follows_and_comes_back(someone, admit):
    first, second = someone("王小明"), someone("王晓明")
    member = admit(first)
    merge(first, second)
    assert Member.objects.get(person=second) == member
    unmerge_people(by=HOUSE, on=DAY + timedelta(days=4), merge=Merge.objects.get().ref)
    assert Member.objects.get(person=first) == member


def test_two_living_memberships_are_told_and_an_ended_one_stays_with_its_entry(someone, admit):
    first, second = someone("王小明"), someone("王晓明")
    double, kept = admit(first), admit(second)
    with pytest.raises(BothMembers, match=double.number):
        merge(first, second)
    leave(by=actor(person=first), on=DAY + timedelta(days=1), member=double)
    merge(first, second)
    assert Member.objects.get(person=second) == kept
    assert Member.objects.get(person=first) == double


def test_the_living_membership_goes_to_the_entry_that_stays_and_comes_back(someone, admit):
    first, second = someone("王小明"), someone("王晓明")
    living, ended = admit(first), admit(second)
    people = Person.objects.count()
    leave(by=actor(person=second), on=DAY + timedelta(days=1), member=ended)
    merge(first, second)
    assert (Member.objects.get(person=second), Member.objects.get(person=first)) == (living, ended)
    assert Person.objects.count() == people
    unmerge_people(by=HOUSE, on=DAY + timedelta(days=4), merge=Merge.objects.get().ref)
    assert (Member.objects.get(person=first), Member.objects.get(person=second)) == (living, ended)

"""Two people, one act at the same moment: the database lets one of them through (PostgreSQL)."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from xinglin.directory.actions import people, terms
from xinglin.directory.actions.organisations import found_organisation
from xinglin.directory.checks import Proof
from xinglin.directory.models import Person, Term
from xinglin.directory.refusals import IdentityNumberTaken, Overlaps

from .conftest import CLERK, DAY, LI

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def both(*works):
    """Run the works at the same moment, each on its own connection, and return what each ended with."""
    gate, ends = threading.Barrier(len(works)), [None] * len(works)

    def run(at, work):
        gate.wait()
        try:
            ends[at] = work()
        except Exception as trouble:
            ends[at] = trouble
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return ends


def test_two_clerks_enter_the_same_post_and_one_is_told():
    person = people.register_person(by=CLERK, on=DAY, name="王小明")
    branch = found_organisation(by=CLERK, on=DAY, name="分会", kind="branch")
    terms.begin_term(by=CLERK, on=DAY, person=person, organisation=branch, title="chair", from_on=date(2020, 1, 1),
                     until_on=date(2021, 1, 1))

    def begin():
        return terms.begin_term(by=CLERK, on=DAY, person=person, organisation=branch, title="chair",
                                from_on=date(2024, 1, 1))

    ends = both(begin, begin)
    assert sorted(isinstance(one, Overlaps) for one in ends) == [False, True]
    assert Term.objects.filter(from_on=date(2024, 1, 1)).count() == 1


def test_two_clerks_register_the_same_number_and_one_person_is_there():
    def register():
        return people.register_person(by=CLERK, on=DAY, name="李雷", proof=Proof(number=LI))

    ends = both(register, register)
    assert sorted(isinstance(one, IdentityNumberTaken) for one in ends) == [False, True]
    assert Person.objects.count() == 1


def test_a_large_import_needs_no_lock_for_each_row():
    with transaction.atomic(), connection.cursor() as cursor:
        branch = found_organisation(by=CLERK, on=DAY, name="分会", kind="branch")
        cursor.execute(
            "INSERT INTO directory_person (name, sex, mobile, mobile_masked, email, sort_key, romanised, remark,"
            " registered_on) SELECT 'x', '', '', '', '', '', '', '', CURRENT_DATE FROM generate_series(1, 20000)")
        cursor.execute("INSERT INTO directory_employment (person_id, organisation_id, department, position, main)"
                       " SELECT id, %s, '', '', true FROM directory_person", [int(branch.key)])
        assert cursor.rowcount == 20000
        transaction.set_rollback(True)

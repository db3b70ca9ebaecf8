"""Registering and correcting people: each act does it and says it, and refuses with words."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, models, transaction

from xinglin.directory.actions import employments, people
from xinglin.directory.checks import Proof
from xinglin.directory.models import IdentityDocument, Person, PersonKey
from xinglin.directory.refusals import (
    AlreadyEnded,
    EndsBeforeStart,
    IdentityContradicts,
    IdentityNumberTaken,
    IdentityNumberWrong,
    InUse,
    MailWrong,
    MobileWrong,
    NameMissing,
    NotFound,
    NothingChanged,
    Overlaps,
    UnknownCode,
)
from xinglin.kernel.acts import OutsideAct
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref, shown

from .conftest import CLERK, DAY, LI, WANG, actor

pytestmark = pytest.mark.django_db


def test_registering_writes_the_person_and_says_it(register, found, said):
    unit = found("江海省第一医院")
    said()
    ref = register(" 王 小明 ", proof=Proof(number="11010519491231002x"), mobile="+86 138-0000-5678",
                   email="Wang@Example.org", organisation=unit, department="心内科", title="主任医师")
    person = Person.objects.get()
    assert (person.name, person.sex, person.born_on) == ("王小明", "2", date(1949, 12, 31))
    assert (person.mobile, person.mobile_masked, person.email) == ("13800005678", "138****5678", "wang@example.org")
    assert (person.romanised, person.sort_key) == ("Wang Xiaoming", "wang2王 xiao3小 ming2明")
    document = person.documents.get()
    assert (document.kind, document.number, document.masked) == ("resident_id", WANG, "110105********002X")
    assert person.titles.get().title == "chief_physician"
    assert said() == [("person.registered", {"person": str(ref), "organisation": str(unit)})]
    assert shown([ref])[ref].label == "王小明"


def test_the_identity_number_is_never_stored_in_the_clear(wang):
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM directory_identitydocument")
        assert cursor.fetchone()[0].startswith("x1.k1.")
        cursor.execute("SELECT mobile FROM directory_person")
        assert "13800005678" not in cursor.fetchone()[0]


@pytest.mark.parametrize(("given", "refusal", "field"), [
    ({"name": "　"}, NameMissing, "name"),
    ({"proof": Proof(number="110105194912310021")}, IdentityNumberWrong, "number"),
    ({"proof": Proof(number=LI), "born_on": date(1988, 3, 8)}, IdentityContradicts, "born_on"),
    ({"proof": Proof(number=LI), "sex": "女"}, IdentityContradicts, "sex"),
    ({"mobile": "1380000567"}, MobileWrong, "mobile"),
    ({"email": "wang.example.org"}, MailWrong, "email"),
    ({"title": "神医"}, UnknownCode, "title"),
    ({"organisation": Ref("directory.organisation:404")}, NotFound, "organisation"),
])
def test_wrong_input_is_refused_beside_its_field_and_nothing_is_written(register, said, given, refusal, field):
    with pytest.raises(refusal) as refused:
        register(**given)
    assert refused.value.field == field
    assert (Person.objects.count(), PersonKey.objects.count(), said()) == (0, 0, [])


def test_one_number_names_one_person(register, wang):
    with pytest.raises(IdentityNumberTaken) as refused:
        register("王晓明", proof=Proof(number=WANG.lower()))
    assert refused.value.regulation == "M6.identity_number"
    assert refused.value.values["person"] == wang
    assert Person.objects.count() == 1


def test_the_database_refuses_a_second_holder_of_a_number_too(register, wang):
    other = register("李四")
    with pytest.raises(OutsideAct):
        IdentityDocument.objects.create(person_id=other.key, kind="resident_id", number=WANG, masked="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Model.save(IdentityDocument(person_id=int(other.key), kind="resident_id", number=WANG, masked="x"))


def test_a_member_may_not_register_and_nothing_changes(said):
    with pytest.raises(NotAllowed):
        people.register_person(by=actor(), on=DAY, name="王小明")
    assert (Person.objects.count(), said()) == (0, [])


def test_correcting_changes_only_what_is_said(wang, said):
    said()
    people.correct_person(by=CLERK, on=DAY, person=wang, mobile="13900001234", email="")
    person = Person.objects.get()
    assert (person.mobile, person.mobile_masked) == ("13900001234", "139****1234")
    assert (person.email, person.name) == ("", "王小明")
    assert said() == [("person.corrected", {"person": str(wang), "what": ["email", "mobile"]})]
    assert not PersonKey.objects.filter(text__in=["5678", "wangexampleorg"]).exists()
    assert PersonKey.objects.filter(text="1234").exists()


def test_saying_the_same_again_is_refused(wang):
    with pytest.raises(NothingChanged):
        people.correct_person(by=CLERK, on=DAY, person=wang, name="王小明")


def test_a_date_of_birth_against_the_card_is_refused(wang):
    with pytest.raises(IdentityContradicts):
        people.correct_person(by=CLERK, on=DAY, person=wang, born_on=date(1950, 1, 1))


def test_everybody_corrects_their_own_contacts_but_not_their_name(wang):
    self = actor(person=wang)
    people.correct_person(by=self, on=DAY, person=wang, email="new@example.org")
    assert Person.objects.get().email == "new@example.org"
    with pytest.raises(NotAllowed):
        people.correct_person(by=self, on=DAY, person=wang, name="王大明")
    assert Person.objects.get().name == "王小明"


def test_a_branch_secretary_corrects_people_of_the_branch_while_their_term_lasts(wang, branch, begin):
    secretary = actor("branch_secretary", where=branch)
    with pytest.raises(NotAllowed):
        people.correct_person(by=secretary, on=DAY, person=wang, remark="北院区")
    begin(wang)
    people.correct_person(by=secretary, on=DAY, person=wang, remark="北院区")
    with pytest.raises(NotAllowed):
        people.correct_person(by=secretary, on=date(2027, 1, 1), person=wang, remark="南院区")
    assert Person.objects.get().remark == "北院区"


def test_documents_titles_licences_and_specialties_are_recorded(register, said):
    person = register("李四")
    said()
    people.record_document(by=CLERK, on=DAY, person=person,
                           proof=Proof(kind="hong_kong_macao_permit", number="H1234567802"))
    people.record_title(by=CLERK, on=DAY, person=person, title="副主任医师", obtained_on=date(2020, 9, 1))
    people.record_licence(by=CLERK, on=DAY, person=person, number="110110000012345", scope="内科专业")
    people.choose_specialties(by=CLERK, on=DAY, person=person, codes=["心内科", "gb-32024"], main="gb-32024")
    row = Person.objects.get()
    assert row.documents.get().number == "H12345678"
    assert list(row.titles.values_list("title", "obtained_on")) == [("associate_chief_physician", date(2020, 9, 1))]
    assert row.licences.get().masked == "110********2345"
    assert sorted(row.specialties.values_list("code", "main")) == [("gb-32024", True), ("kc-0304", False)]
    assert [body["what"] for _type, body in said()] == [["document"], ["title"], ["licence"], ["specialties"]]


def test_an_odd_licence_number_is_kept(register):
    person = register("李四")
    people.record_licence(by=CLERK, on=DAY, person=person, number="旧字第 12 号")
    assert Person.objects.get().licences.get().number == "旧字第12号"


def test_a_licence_that_ends_before_it_starts_is_refused(register):
    with pytest.raises(EndsBeforeStart):
        people.record_licence(by=CLERK, on=DAY, person=register("李四"), from_on=DAY, until_on=DAY)


def test_withdrawing_takes_out_only_what_nobody_refers_to(wang, begin, register, said):
    alone = register("误登")
    said()
    people.withdraw_person(by=CLERK, on=DAY, person=alone)
    assert not Person.objects.filter(name="误登").exists()
    assert said() == [("entry.withdrawn", {"entry": str(alone)})]
    begin(wang)
    with pytest.raises(InUse):
        people.withdraw_person(by=CLERK, on=DAY, person=wang)
    assert Person.objects.get().name == "王小明"


def test_employments_follow_one_another(wang, found, said):
    first, second = found("江海省第一医院"), found("江海市中心医院")
    said()
    employments.begin_employment(by=CLERK, on=DAY, person=wang, organisation=first, from_on=date(2015, 1, 1))
    employments.end_employment(by=CLERK, on=DAY, person=wang, organisation=first, until_on=date(2020, 1, 1))
    employments.begin_employment(by=CLERK, on=DAY, person=wang, organisation=second, from_on=date(2020, 1, 1))
    employments.begin_employment(by=CLERK, on=DAY, person=wang, organisation=first, from_on=date(2021, 1, 1),
                                 main=False)
    assert [type_ for type_, _body in said()] == [
        "employment.begun", "employment.ended", "employment.begun", "employment.begun"]
    row = Person.objects.get()
    assert row.employments.on(date(2019, 12, 31)).get().organisation.name == "江海省第一医院"
    assert [one.organisation.name for one in row.employments.on(date(2020, 1, 1))] == ["江海市中心医院"]
    with pytest.raises(Overlaps):
        employments.begin_employment(by=CLERK, on=DAY, person=wang, organisation=second, from_on=date(2022, 1, 1))
    with pytest.raises(AlreadyEnded):
        employments.end_employment(by=CLERK, on=DAY, person=wang, organisation=found("江海市第三医院"), until_on=DAY)
    with pytest.raises(EndsBeforeStart):
        employments.end_employment(by=CLERK, on=DAY, person=wang, organisation=second, until_on=date(2020, 1, 1))


def test_a_country_beside_an_identity_card_lets_the_number_in_no_second_time(register, wang):
    with pytest.raises(IdentityNumberTaken):
        register("王晓明", proof=Proof(number=WANG, country="HK"))
    one, two = (register("Ann", proof=Proof(number="E1234567", kind="foreign_passport", country=country))
                for country in ("SG", "MY"))
    assert one != two

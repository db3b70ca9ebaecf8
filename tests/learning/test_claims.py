"""Outside credits are claimed with evidence, decided by somebody else, and capped where they are self-study."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from xinglin.engines.learning.actions.awards import revoke_award
from xinglin.engines.learning.actions.claims import (
    DecidedAlready,
    NoEvidence,
    OverTheCap,
    WrongClaim,
    decide_claim,
    file_claim,
)
from xinglin.engines.learning.actions.people import NothingChanges, choose_openness, set_duty
from xinglin.engines.learning.answers import credits_of
from xinglin.engines.learning.credits import Award, Claim
from xinglin.engines.learning.requirement import account, accounts, people_of
from xinglin.kernel.files import attachments, keep, may_download
from xinglin.kernel.policy import NotAllowed

from .conftest import DAY, OFFICE, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def proof():
    return keep(content=ContentFile(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", name="proof.pdf"))


@pytest.fixture
def claim(someone, proof):
    """File a claim for a person of its own, or one given."""
    def make(person=None, **given):
        person = person or someone("王小明")
        return file_claim(**{"by": actor(person=person), "on": DAY, "person": person, "kind": "elsewhere",
                             "words": "外省国家级项目", "completed_on": date(2026, 2, 1), "asked": Decimal(5),
                             "hours": Decimal(15), "files": [proof], **given})

    return make


def decide(claim, credits, **given):
    return decide_claim(**{"by": OFFICE, "on": DAY, "claim": claim, "credits": Decimal(credits), **given})


def test_a_claim_with_evidence_is_accepted_by_somebody_else(claim, said):
    row = claim()
    assert [one.name for one in attachments(to=row.ref)] == ["proof.pdf"]
    with pytest.raises(NotAllowed):
        decide(row, 5, by=actor("office", person=row.person))
    said()
    assert decide(row, "4.5").state == "accepted"
    assert [(type_, body["credits"]) for type_, body in said()] == [("credit.awarded", "4.5"), ("claim.decided", "4.5")]
    with pytest.raises(DecidedAlready):
        decide(row, 5)
    award = Award.objects.get()
    assert (award.credits, award.hours, award.year, award.claim) == (Decimal("4.5"), Decimal(15), 2026, row)
    revoke_award(by=OFFICE, on=DAY, award=award, reason="材料不实")
    assert not Award.objects.standing().exists()


def test_only_the_person_the_readers_and_no_stranger_read_the_evidence(claim, someone):
    row = claim()
    [proof] = attachments(to=row.ref)
    assert may_download(actor=actor(person=row.person), attachment=proof)
    assert may_download(actor=OFFICE, attachment=proof)
    assert not may_download(actor=actor(person=someone("他人")), attachment=proof)


def test_a_claim_is_refused_with_a_reason_and_gives_nothing(claim):
    row = claim()
    with pytest.raises(WrongClaim) as refused:
        decide(row, 0)
    assert refused.value.field == "answer"
    assert decide(row, 0, answer="无项目编号").state == "refused"
    assert not Award.objects.exists()


@pytest.mark.parametrize(("given", "wrong", "field"), [
    ({"files": []}, NoEvidence, "evidence"),
    ({"asked": Decimal("1.3")}, WrongClaim, "asked"),
    ({"asked": Decimal(0)}, WrongClaim, "asked"),
    ({"completed_on": date(2026, 12, 1)}, WrongClaim, "completed_on"),
    ({"kind": "learning"}, WrongClaim, "kind"),
])
def test_what_is_wrong_with_a_claim_is_said_beside_its_field(claim, given, wrong, field):
    with pytest.raises(wrong) as refused:
        claim(**given)
    assert refused.value.field == field and not Claim.objects.exists()


def test_nobody_claims_for_another(claim, someone):
    with pytest.raises(NotAllowed):
        claim(by=OFFICE)
    assert not Claim.objects.exists()


def test_self_study_stops_at_ten_a_year_over_all_its_kinds(claim, someone):
    one = someone("王小明")
    decide(claim(one, kind="self_study", asked=Decimal(6)), 6)
    paper = claim(one, kind="paper", asked=Decimal(5))
    with pytest.raises(OverTheCap, match="4") as refused:
        decide(paper, 5)
    assert refused.value.regulation == "E2.self_study_cap"
    decide(paper, 4)
    decide(claim(one, kind="self_study", asked=Decimal(6), completed_on=date(2025, 12, 31)), 6)  # another year
    assert decide(claim(one, asked=Decimal(6)), 6).state == "accepted"  # projects elsewhere are no self-study


def test_three_months_of_advanced_study_are_the_whole_year(claim, someone):
    one, two = someone("王小明"), someone("李小红")
    decide(claim(one, kind="advanced", months=3), 1)
    decide(claim(two, kind="advanced", months=2), 5)
    full, part = account(one.pk, year=2026), account(two.pk, year=2026)
    assert (full.credits, full.hours, full.met) == (25, 90, True)
    assert (part.credits, part.met) == (5, False)


def test_the_year_asks_for_credits_and_hours_and_says_what_is_missing(claim, someone):
    one = someone("王小明")
    decide(claim(one, asked=Decimal(25), hours=Decimal(75)), 25)
    found = account(one.pk, year=2026)
    assert [(need.code, need.has, need.wants, need.missing) for need in found.needs] == [
        ("credits", 25, 25, 0), ("hours", 75, 90, 15), ("specialist", 75, 60, 0)]
    assert (found.met, found.first_missing.code) == (False, "hours")
    decide(claim(one, asked=Decimal(5), hours=Decimal(15)), 5)
    assert account(one.pk, year=2026).met


def test_specialist_subjects_are_two_thirds(claim, someone):
    one = someone("王小明")
    decide(claim(one, asked=Decimal(20), hours=Decimal("59.5")), 20)
    decide(claim(one, asked=Decimal(10), hours=Decimal(31), specialist=False), 10)
    assert account(one.pk, year=2026).first_missing.code == "specialist"


def test_years_of_the_old_rule_keep_classes_that_do_not_stand_for_each_other(claim, someone):
    one = someone("王小明")
    decide(claim(one, asked=Decimal(30), completed_on=date(2023, 6, 1)), 30)
    found = account(one.pk, year=2023)
    assert {need.code: (need.has, need.wants) for need in found.needs if need.code != "specialist"} == {
        "credits": (20, 25), "one": (0, 5), "two": (30, 15)}  # class II counts up to 20
    assert found.cut == 10
    assert [need.code for need in account(one.pk, year=2024).needs] == ["credits", "hours", "specialist"]


def test_the_cap_of_2024_binds_no_earlier_year(claim, someone):
    one = someone("王小明")
    paper = claim(one, kind="paper", asked=Decimal(18), completed_on=date(2023, 6, 1))
    assert decide(paper, 18).state == "accepted"
    decide(claim(one, kind="advanced", months=3, completed_on=date(2023, 6, 2)), 5)
    assert Award.objects.get(kind="advanced").credits == 5  # the rule of 2006 asks for six months


def test_a_duty_changes_what_is_asked_from_its_day(someone):
    one, two, three = (someone(name) for name in ("王小明", "李小红", "赵一"))
    with pytest.raises(NotAllowed):
        set_duty(by=actor(person=one), on=DAY, person=one, what="exempt", from_on=DAY)
    set_duty(by=OFFICE, on=DAY, person=one, what="technical", from_on=date(2025, 1, 1))
    set_duty(by=OFFICE, on=DAY, person=two, what="exempt", from_on=date(2026, 1, 1))
    set_duty(by=OFFICE, on=DAY, person=three, what="tertiary", from_on=date(2020, 1, 1))
    with pytest.raises(NothingChanges):
        set_duty(by=OFFICE, on=DAY, person=two, what="exempt", from_on=DAY)
    found = accounts([one.pk, two.pk, three.pk], year=2026)
    assert [[need.code for need in found[key].needs] for key in (one.pk, two.pk, three.pk)] == [
        ["hours", "specialist"], [], ["credits", "hours", "specialist"]]
    assert [need.code for need in account(three.pk, year=2023).needs] == [
        "credits", "one", "two", "national", "specialist"]
    assert account(two.pk, year=2025).needs


def test_the_accounts_of_a_unit_take_few_queries(found, someone, django_assert_max_num_queries):
    hospital = found("江海市第一医院（虚构）")
    people = [someone(f"医师{number}", organisation=hospital.ref) for number in range(30)]
    assert people_of(hospital.ref, on=DAY) == sorted(one.pk for one in people)
    with django_assert_max_num_queries(18):
        assert len(accounts([one.pk for one in people], year=2026)) == 30


def test_openness_is_chosen_by_the_holder_alone(someone, said):
    one = someone("王小明")
    with pytest.raises(NotAllowed):
        choose_openness(by=OFFICE, on=DAY, person=one, shown=True)
    with pytest.raises(NothingChanges):
        choose_openness(by=actor(person=one), on=DAY, person=one, shown=False)
    said()
    choose_openness(by=actor(person=one), on=DAY, person=one, shown=True)
    choose_openness(by=actor(person=one), on=DAY, person=one, shown=False)
    assert [body["shown"] for _type, body in said()] == [True, False]


def test_sums_of_tenths_stay_tenths(claim, someone):
    one = someone("王小明")
    for hours in ("11.9", "11.9", "11.5"):
        decide(claim(one, asked=Decimal(3), hours=Decimal(hours)), 3)
    found = account(one.pk, year=2026)
    assert (str(found.hours), str(found.credits)) == ("35.3", "9")
    assert credits_of(one.ref, from_on=date(2026, 1, 1), until_on=date(2027, 1, 1)) == "9"

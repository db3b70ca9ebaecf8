"""Certificates of credits: in the words of their day, with a code nobody guesses, replaced and revoked."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from xinglin.directory.actions.people import correct_person
from xinglin.engines.learning.actions.awards import issue_credits, revoke_award
from xinglin.engines.learning.actions.certificates import (
    NoCredits,
    NothingNew,
    NotInForce,
    PaperThere,
    issue_certificate,
    issue_certificates,
    replace_certificate,
    revoke_certificate,
)
from xinglin.engines.learning.actions.people import choose_openness
from xinglin.engines.learning.certificates import Certificate
from xinglin.engines.learning.certifying import certificate_pdf, found, verified
from xinglin.engines.learning.codes import masked
from xinglin.kernel.policy import NotAllowed

from .conftest import EVENT, HOUSE, OFFICE, actor

pytestmark = pytest.mark.django_db
AFTER = EVENT + timedelta(days=20)


@pytest.fixture
def awards(project, someone):
    people = [someone("王小明"), someone("欧阳春雪")]
    return issue_credits(by=OFFICE, on=AFTER, project=project("reported", people=people))


@pytest.fixture
def paper(awards):
    [mine] = [one for one in awards if one.person.name == "王小明"]
    return issue_certificate(by=actor(person=mine.person), on=AFTER, award=mine)


def test_a_certificate_has_a_number_and_a_code_that_is_no_number(awards, said):
    said()
    papers = issue_certificates(by=OFFICE, on=AFTER, awards=awards)
    assert [one.number for one in papers] == ["XFZ-2026-000001", "XFZ-2026-000002"]
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", one.code) for one in papers)
    assert papers[0].code[:4] != papers[1].code[:4]
    assert [type_ for type_, _body in said()].count("certificate.issued") == 2
    with pytest.raises(PaperThere):
        issue_certificates(by=OFFICE, on=AFTER, awards=awards)
    with pytest.raises(PaperThere, match="XFZ-2026-000001"):
        issue_certificate(by=OFFICE, on=AFTER, award=papers[0].award)


def test_nobody_takes_another_ones_and_none_without_credits(awards, someone):
    with pytest.raises(NotAllowed):
        issue_certificate(by=actor(person=someone("他人")), on=AFTER, award=awards[0])
    revoke_award(by=OFFICE, on=AFTER, award=awards[0], reason="代签")
    with pytest.raises(NoCredits):
        issue_certificate(by=OFFICE, on=AFTER, award=awards[0])
    assert not Certificate.objects.exists()


def test_the_code_is_found_however_it_is_typed(paper):
    assert found(paper.grouped.lower().replace("-", " ")) == paper
    assert found(paper.code.replace("0", "O").replace("1", "l")) == paper
    assert found("0000-0000-0000-0000") is None


def test_the_public_says_what_the_paper_says_and_hides_the_name_until_the_holder_allows(paper):
    shown = verified(paper, on=AFTER)
    assert (shown.state, shown.name, str(shown.credits), shown.project_number) == (
        "valid", "王*明", "5.0", "2026-03-01-001（国）")
    assert [masked(one) for one in ("王明", "欧阳春雪", "王")] == ["王*", "欧**雪", "*"]
    choose_openness(by=actor(person=paper.award.person), on=AFTER, person=paper.award.person, shown=True)
    assert verified(paper, on=AFTER).name == "王小明"


def test_a_name_changed_after_the_certificate_is_replaced_and_the_old_paper_says_so(paper, said):
    with pytest.raises(NothingNew):
        replace_certificate(by=OFFICE, on=AFTER, certificate=paper)
    correct_person(by=HOUSE, on=AFTER, person=paper.award.person.ref, name="王晓明")
    assert verified(paper, on=AFTER).name == "王*明" and paper.name == "王小明"  # the paper keeps its words
    said()
    new = replace_certificate(by=OFFICE, on=AFTER, certificate=paper, reason="姓名更正")
    assert [type_ for type_, _body in said() if type_.startswith("cert")] == [
        "certificate.revoked", "certificate.issued"]
    paper.refresh_from_db()
    assert (new.name, new.code != paper.code, verified(paper, on=AFTER).state, verified(new, on=AFTER).state) == (
        "王晓明", True, "replaced", "valid")
    with pytest.raises(NotInForce):
        replace_certificate(by=OFFICE, on=AFTER, certificate=paper)


def test_a_revoked_certificate_says_so_and_keeps_its_reason_to_itself(paper, said):
    with pytest.raises(NotAllowed):
        revoke_certificate(by=actor(person=paper.award.person), on=AFTER, certificate=paper, reason="x")
    said()
    row = revoke_certificate(by=OFFICE, on=AFTER, certificate=paper, reason="代签")
    [(type_, body)] = said()
    assert (type_, verified(row, on=AFTER).state) == ("certificate.revoked", "revoked") and "代签" not in str(body)
    assert verified(row, on=AFTER - timedelta(days=1)).state == "valid"
    with pytest.raises(NotInForce):
        revoke_certificate(by=OFFICE, on=AFTER, certificate=row, reason="代签")


def test_credits_taken_back_take_the_certificate_along(paper):
    revoke_award(by=OFFICE, on=AFTER, award=paper.award, reason="代签")
    assert verified(found(paper.code), on=AFTER).state == "revoked"


def test_a_word_changed_in_the_table_no_longer_matches_its_code(paper):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE learning_certificate SET name = %s WHERE id = %s", ["李四", paper.pk])
    assert verified(found(paper.code), on=AFTER).state == "altered"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE learning_certificate SET name = %s WHERE id = %s", ["王小明", paper.pk])
        cursor.execute("UPDATE learning_award SET credits = 4.5 WHERE id = %s", [paper.award_id])
    assert verified(found(paper.code), on=AFTER).state == "altered"


@pytest.mark.parametrize("change", [
    "learning_certificate SET document_masked = '320***'", "learning_award SET kind = 'lecturing'",
    "learning_award SET level = 'provincial'", "learning_award SET year = 2025",
    "learning_project SET from_on = '2026-05-14'", "learning_project SET title = '别的'"])
def test_whatever_the_paper_prints_is_in_its_code(paper, client, change):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {change}")
    assert verified(found(paper.code), on=AFTER).state == "altered"
    said = client.get(reverse("learning:verified_json", args=[paper.code])).json()
    assert said["state"] == "altered" and not {"credits", "name", "project"} & set(said)


def test_the_paper_is_a_pdf_and_the_same_twice(paper):
    first = certificate_pdf(paper, issuer="江海省医师协会（虚构）")
    assert first.startswith(b"%PDF") and first == certificate_pdf(paper, issuer="江海省医师协会（虚构）")

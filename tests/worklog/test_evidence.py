"""Evidence goes with the work, is added while it waits, and stays once somebody verified with it at hand."""

import pytest
from django.core.files.base import ContentFile

from tests.worklog.conftest import ACADEMIC, CLERK, DAY, HEAD, HOUSE, MEMBER
from xinglin.engines.worklog.actions.evidence import (
    EvidenceFixed,
    NoEvidence,
    add_evidence,
    prove_item,
    remove_evidence,
    report_work,
)
from xinglin.engines.worklog.actions.registers import ItemWords, list_items, open_track
from xinglin.engines.worklog.actions.verifying import verify_work
from xinglin.engines.worklog.entries import Entry
from xinglin.kernel.files import attachments, keep
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import ref

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo():
    return lambda words="合影": keep(content=ContentFile(f"{words}\n".encode()), name="照片.txt")


def names(owner):
    return [one.name for one in attachments(to=owner.ref)]


def test_work_is_reported_with_its_evidence_in_one_step(work, photo, sealed):
    entry = report_work(by=CLERK, on=DAY, work=work(), evidence=[photo()])
    assert (entry.state, names(entry)) == ("submitted", ["照片.txt"])
    sealed()
    types = list(SealedFact.objects.order_by("position").values_list("type", flat=True))[-3:]
    assert types == ["worklog.work.logged", "kernel.file.attached", "worklog.work.submitted"]
    assert len(set(SealedFact.objects.order_by("-position").values_list("act", flat=True)[:3])) == 1


def test_nothing_is_half_reported(work, photo):
    with pytest.raises(NotAllowed):
        report_work(by=MEMBER, on=DAY, work=work(), evidence=[photo()])
    assert Entry.objects.count() == 0


def test_evidence_is_added_and_taken_off_while_nobody_verified(work, photo):
    entry = report_work(by=CLERK, on=DAY, work=work(), submit=False)
    add_evidence(by=CLERK, on=DAY, entry=entry, evidence=[photo()])
    [kept] = attachments(to=entry.ref)
    assert names(entry) == ["照片.txt"]
    remove_evidence(by=CLERK, on=DAY, entry=entry, file=ref("kernel.file", kept.file.pk))
    assert names(entry) == []


def test_adding_nothing_is_refused_beside_the_field(work):
    entry = report_work(by=CLERK, on=DAY, work=work(), submit=False)
    with pytest.raises(NoEvidence) as refused:
        add_evidence(by=CLERK, on=DAY, entry=entry, evidence=[])
    assert refused.value.field == "evidence"


def test_what_was_verified_keeps_its_evidence(work, photo):
    entry = report_work(by=CLERK, on=DAY, work=work(), evidence=[photo()])
    verify_work(by=HEAD, on=DAY, entries=[entry])
    entry.refresh_from_db()
    [kept] = attachments(to=entry.ref)
    with pytest.raises((EvidenceFixed, NotAllowed)):
        remove_evidence(by=CLERK, on=DAY, entry=entry, file=ref("kernel.file", kept.file.pk))
    assert names(entry) == ["照片.txt"]


def test_an_item_of_a_register_is_proven_by_a_document(kinds, photo):
    track = open_track(by=HOUSE, on=DAY, pattern="campaign", title="文明单位创建", organisation=ACADEMIC)
    [item] = list_items(by=HOUSE, on=DAY, track=track, items=[ItemWords(title="制度健全", organisation=ACADEMIC)])
    with pytest.raises(NotAllowed):
        prove_item(by=MEMBER, on=DAY, item=item, evidence=[photo()])
    prove_item(by=HOUSE, on=DAY, item=item, evidence=[photo("制度汇编")])
    assert names(item) == ["照片.txt"]

"""Downloads: the engine decides, what was taken off is gone, and the answer is never run by a browser."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from tests.operations.conftest import DAY, HOUSE
from xinglin.kernel import files
from xinglin.kernel.actions.files import attach_file, detach_file
from xinglin.kernel.files import keep
from xinglin.kernel.policy import YES, no
from xinglin.kernel.refs import Ref, shown

pytestmark = pytest.mark.django_db
DESK, SAFE = Ref("trial.desk:1"), Ref("trial.safe:1")


@pytest.fixture(autouse=True)
def readers(monkeypatch):
    monkeypatch.setattr(files, "_readers", {
        "trial.desk": lambda actor, to: YES,
        "trial.safe": lambda actor, to: YES if actor.has("office") else no("保险柜由办公室管。"),
    })


def attach(to, name="纪要.txt", text="会议纪要"):
    kept = keep(content=ContentFile(text.encode(), name=name))
    return attach_file(by=HOUSE, on=DAY, file=kept, to=to)


def test_who_may_gets_the_file_under_its_name_as_a_download(as_role):
    one = attach(DESK)
    answer = as_role("member").get(reverse("operations:download", args=[one.pk]))
    assert b"".join(answer.streaming_content) == "会议纪要".encode()
    named = answer["Content-Disposition"]
    assert named.startswith("attachment") and "%E7%BA%AA%E8%A6%81.txt" in named
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")


def test_who_may_not_reads_the_engines_reason(as_role):
    one = attach(SAFE)
    answer = as_role("member").get(reverse("operations:download", args=[one.pk]))
    assert answer.status_code == 403 and "保险柜由办公室管。" in answer.content.decode()
    assert as_role("office").get(reverse("operations:download", args=[one.pk])).status_code == 200


def test_what_nobody_answers_for_nobody_gets(as_role):
    one = attach(Ref("trial.nobody:1"))
    assert as_role("office", "system_admin").get(reverse("operations:download", args=[one.pk])).status_code == 403


def test_what_was_taken_off_is_not_found(as_role):
    one = attach(DESK)
    detach_file(by=HOUSE, on=DAY, file=Ref(f"kernel.file:{one.file_id}"), to=DESK)
    client = as_role("member")
    assert client.get(reverse("operations:download", args=[one.pk])).status_code == 404
    assert client.get(reverse("operations:content", args=[one.file_id])).status_code == 404


def test_lost_bytes_are_said_and_are_no_fault(as_role):
    one = attach(DESK)
    default_storage.delete(one.file.path)
    answer = as_role("member").get(reverse("operations:download", args=[one.pk]))
    assert answer.status_code == 409 and "存储中没有这个文件" in answer.content.decode()


def test_a_content_opens_under_the_first_attachment_one_may_read(as_role):
    attach(SAFE, name="机密.txt")
    one = attach(DESK, name="公开.txt")
    client, address = as_role("member"), reverse("operations:content", args=[one.file_id])
    assert "%E5%85%AC%E5%BC%80.txt" in client.get(address)["Content-Disposition"]
    detach_file(by=HOUSE, on=DAY, file=Ref(f"kernel.file:{one.file_id}"), to=DESK)
    assert client.get(address).status_code == 403


def test_a_file_is_named_by_kind_and_size_never_by_its_own_name():
    one = attach(SAFE, name="张三处分决定.txt")
    ref = Ref(f"kernel.file:{one.file_id}")
    found = shown([ref])[ref]
    assert (found.label, found.url) == ("TXT 文件，1 KB", f"/files/content/{one.file_id}/")


def test_a_visitor_signs_in_first(client):
    assert client.get(reverse("operations:download", args=[attach(DESK).pk])).status_code == 302

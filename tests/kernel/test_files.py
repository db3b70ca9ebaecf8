"""Files are kept once, told by their bytes, and go when nothing refers to them."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto import mock_aws
from storages.backends.s3 import S3Storage

from tests.kernel.conftest import CLERK, DAY
from xinglin.kernel import clock, files
from xinglin.kernel.actions.files import (
    NotAttached,
    NothingToDiscard,
    attach_file,
    detach_file,
    discard_files,
    sweep_files,
)
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.files import Attachment, EmptyFile, FileGone, FileTooLarge, StoredFile, WrongType, keep
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import YES, NotAllowed, no
from xinglin.kernel.refs import Ref

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nfictional\n%%EOF"
PLACE, OTHER = Ref("trial.place:1"), Ref("trial.place:2")


@pytest.fixture(params=["local", "s3"])
def storage(request, tmp_path, settings, monkeypatch):
    """The local folder and a bucket behave alike."""
    if request.param == "local":
        settings.MEDIA_ROOT = tmp_path
        yield default_storage
        return
    with mock_aws():
        bucket = S3Storage(
            bucket_name="xinglin", access_key="a", secret_key="b", region_name="us-east-1", file_overwrite=True
        )
        bucket.connection.create_bucket(Bucket="xinglin")
        monkeypatch.setattr(files, "default_storage", bucket)
        yield bucket


def upload(content=PDF, name="申报书.pdf", **how):
    return keep(content=ContentFile(content, name=name), **how)


def attach(file, to=PLACE):
    return attach_file(by=CLERK, on=DAY, file=file, to=to)


def age(**how):
    StoredFile.objects.update(seen_at=clock.now() - timedelta(**how))


def test_one_content_is_stored_once_and_named_by_its_digest(storage):
    first, second = upload(), upload(name="另一个名字.PDF")
    assert first.ref == second.ref == f"kernel.file:{hashlib.sha256(PDF).hexdigest()}"
    assert (first.name, second.name, first.size) == ("申报书.pdf", "另一个名字.PDF", 24)
    assert StoredFile.objects.count() == 1
    with files.open_file(file=first.ref) as opened:
        assert opened.read() == PDF


def test_attaching_and_detaching_are_stated_with_the_name_outside_the_chain(storage, sealed):
    file = upload()
    attach(file)
    detach_file(by=CLERK, on=DAY, file=file.ref, to=PLACE)
    sealed()
    said = list(SealedFact.objects.order_by("position").values_list("type", "body"))
    assert said == [
        ("kernel.file.attached", {"file": file.ref, "to": PLACE, "type": "pdf", "size": 24}),
        ("kernel.file.detached", {"file": file.ref, "to": PLACE}),
    ]
    assert "申报书" not in SealedFact.objects.get(position=1).content


def test_attaching_twice_leaves_one_attachment_with_the_later_name(storage):
    attach(upload())
    attach(upload(name="定稿.pdf"))
    assert [one.name for one in files.attachments(to=PLACE)] == ["定稿.pdf"]


def test_a_file_goes_a_day_after_nothing_refers_to_it_and_not_before(storage, sealed):
    file = upload()
    attach(file)
    attach(file, OTHER)
    detach_file(by=CLERK, on=DAY, file=file.ref, to=PLACE)
    age(days=2)
    assert sweep_files(on=DAY) == 0
    detach_file(by=CLERK, on=DAY, file=file.ref, to=OTHER)
    assert sweep_files(on=DAY) == 0
    age(days=2)
    assert sweep_files(on=DAY) == 1
    assert StoredFile.objects.count() == 0
    assert not storage.exists(f"{file.ref.key[:2]}/{file.ref.key[2:4]}/{file.ref.key}")
    assert sweep_files(on=DAY) == 0
    with pytest.raises(NothingToDiscard):
        discard_files(by=CLERK, on=DAY, before=clock.now())
    sealed()
    assert SealedFact.objects.filter(type="kernel.file.discarded").count() == 1


def test_an_upload_killed_half_way_cannot_be_attached_and_is_swept_or_finished(storage, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(files.default_storage, "save", killed)
        upload()
    row = StoredFile.objects.get()
    assert row.kept_at is None
    with pytest.raises(FileGone):
        attach(files.Kept(ref=Ref(f"kernel.file:{row.pk}"), name="x.pdf", type="pdf", size=24))
    assert upload().size == 24
    assert StoredFile.objects.get().kept_at is not None
    StoredFile.objects.update(kept_at=None)
    age(days=2)
    assert sweep_files(on=DAY) == 1
    assert StoredFile.objects.count() == 0


def test_a_sweep_killed_between_discarding_and_deleting_is_finished_the_next_night(storage):
    upload()
    age(days=2)
    discard_files(by=CLERK, on=DAY, before=clock.now() - timedelta(days=1))
    with pytest.raises(FileGone):
        files.open_file(file=Ref(f"kernel.file:{StoredFile.objects.get().pk}"))
    assert sweep_files(on=DAY) == 1
    assert StoredFile.objects.count() == 0


def test_an_upload_saves_a_file_that_was_about_to_go(storage):
    upload()
    age(days=2)
    file = upload()
    assert sweep_files(on=DAY) == 0
    assert attach(file).file_id == file.ref.key


def test_wrong_files_are_refused_with_what_would_be_right(settings):
    settings.XINGLIN_FILE_MB = 1
    with pytest.raises(EmptyFile, match=r"申报书\.pdf"):
        upload(b"")
    with pytest.raises(FileTooLarge, match=r"2 MB.+1 MB"):
        upload(b"x" * (2**20 + 1))
    with pytest.raises(WrongType, match=r"txt.+pdf, docx"):
        upload("不是 PDF".encode(), name="假.pdf", accept=("pdf", "docx"))
    assert StoredFile.objects.count() == 0


def test_taking_off_what_is_not_attached_is_refused():
    with pytest.raises(NotAttached):
        detach_file(by=CLERK, on=DAY, file=Ref(f"kernel.file:{'0' * 64}"), to=PLACE)


def test_who_may_download_is_asked_of_the_engine_the_file_is_attached_to(monkeypatch):
    monkeypatch.setattr(files, "_readers", {})
    attachment = attach(upload())
    reader = Actor(ref=Ref("directory.person:7"), roles=frozenset({"member"}))
    assert not files.may_download(actor=reader, attachment=attachment)
    files.readable("trial.place")(lambda actor, to: YES if to.key == "1" and actor.has("member") else no("x"))
    assert files.may_download(actor=reader, attachment=attachment)
    assert not files.may_download(actor=CLERK, attachment=attachment)


def test_a_download_has_its_chinese_name_and_cannot_be_run(storage):
    file = upload(b"<script>alert(1)</script>", name="通知 2026.html")
    attach(file)
    answer = files.respond_with(attachment=Attachment.objects.select_related("file").get())
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E9%80%9A%E7%9F%A5%202026.txt"
    assert (answer["X-Content-Type-Options"], answer["Content-Length"]) == ("nosniff", "25")
    assert "sandbox" in answer["Content-Security-Policy"]


def office(part):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(part, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (PDF, "a.txt", "pdf"),
        (office("word/document.xml"), "a.zip", "docx"),
        (office("xl/workbook.xml"), "a", "xlsx"),
        (office("a.txt"), "a.docx", "zip"),
        (b"PK\x03\x04broken", "a.docx", "bin"),
        (b"\xff\xd8\xff\xe0rest", "a.png", "jpg"),
        (b"\x89PNG\r\n\x1a\nrest", "a.jpg", "png"),
        (b"\x00\x00\x00\x20ftypisom", "a", "mp4"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "a.docx", "ole"),
        ("姓名,单位\n".encode("gb18030"), "名单.csv", "csv"),
        ("姓名，单位".encode(), "名单.pdf", "txt"),
        (b"\x00\x01\x02", "a.txt", "bin"),
    ],
)
def test_the_bytes_decide_the_type(content, name, code):
    assert upload(content, name=name).type == code


def test_files_are_attached_within_the_act_they_serve_and_alone_by_the_office_only(storage):
    clerk = Actor(ref=Ref("directory.person:1"), roles=frozenset({"department"}))
    file = upload()

    @act
    def hand_in(*, by, on):
        attach_file(by=by, on=on, file=file, to=PLACE)

    with pytest.raises(NotAllowed):
        attach_file(by=clerk, on=DAY, file=file, to=PLACE)
    hand_in(by=clerk, on=DAY)
    with pytest.raises(NotAllowed):
        detach_file(by=clerk, on=DAY, file=file.ref, to=PLACE)
    with pytest.raises(NotAllowed):
        discard_files(by=clerk, on=DAY, before=clock.now())
    assert Attachment.objects.count() == 1

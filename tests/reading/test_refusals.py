"""Each file that cannot be read is refused by name, in both languages, saying what would be right."""

import struct
from pathlib import Path

import pytest

from tests.reading.documents import pdf_of, zip_of
from xinglin.plans.reading import (
    DamagedFile,
    EmptyDocument,
    FileTooLarge,
    NotADocument,
    OldWordFile,
    PasswordProtected,
    Refusal,
    ScannedPdf,
    UndecodableText,
    ZipBomb,
    read_bytes,
    read_file,
    read_text,
)
from xinglin.plans.reading.docx import PART_LIMIT

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
DOCUMENT = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
ENTITIES = (
    b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;&b;">]>' + DOCUMENT % b"<w:p><w:r><w:t>&d;</w:t></w:r></w:p>"
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)

CASES = {
    "locked pdf": (pdf_of(pages=[["甲" * 30]], encrypted=True), PasswordProtected),
    "scanned pdf": (pdf_of(pages=[[], [], []]), ScannedPdf),
    "broken pdf": (b"%PDF-1.7\nnothing follows", DamagedFile),
    "locked docx": (OLE + "EncryptedPackage".encode("utf-16-le"), PasswordProtected),
    "old word file": (OLE + "WordDocument".encode("utf-16-le"), OldWordFile),
    "old excel file": (OLE + "Workbook".encode("utf-16-le"), NotADocument),
    "bomb by declared ratio": (zip_of(parts={"word/document.xml": b"0" * 30_000_000}), ZipBomb),
    "workbook": (zip_of(parts={"xl/workbook.xml": b"<a/>"}), NotADocument),
    "archive": (zip_of(parts={"a.txt": b"a"}), NotADocument),
    "docx without text": (zip_of(parts={"word/document.xml": DOCUMENT % b"<w:p/>"}), EmptyDocument),
    "docx of broken xml": (zip_of(parts={"word/document.xml": b"<w:document"}), DamagedFile),
    "docx with entities": (zip_of(parts={"word/document.xml": ENTITIES}), DamagedFile),
    "docx cut short": (zip_of(parts={"word/document.xml": DOCUMENT % b"<w:p/>"})[:60], DamagedFile),
    "picture": (PNG, NotADocument),
    "program": (b"MZ\x90\x00\x03\x00" + bytes(200), NotADocument),
    "web page": (b"<!DOCTYPE html><html><body>1</body></html>", NotADocument),
    "nothing": (b"", EmptyDocument),
    "white space": (b" \n\t ", EmptyDocument),
    "noise": (bytes(range(128, 256)) * 20, UndecodableText),
    "broken utf-8": ("全年举办学术会议十场。".encode() * 20 + b"\xff", UndecodableText),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_cannot_be_read_is_refused_by_name(case: str) -> None:
    content, refusal = CASES[case]
    with pytest.raises(refusal) as raised:
        read_bytes(content=content, name="计划.docx")
    assert raised.value.code == refusal.code
    assert any("\u4e00" <= character <= "\u9fff" for character in raised.value.message_zh)
    assert raised.value.message_en.replace("“计划.docx”", "").isascii()


def test_the_codes_of_refusals_differ() -> None:
    codes = [refusal.code for refusal in Refusal.__subclasses__()]
    assert len(codes) == len(set(codes)) == 9


def test_too_many_bytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    path.write_bytes("计划".encode() * 1000)
    with pytest.raises(FileTooLarge) as raised:
        read_file(path=path, limit=1024)
    assert "超过上限" in raised.value.message_zh and "limit" in raised.value.message_en
    with pytest.raises(FileTooLarge):
        read_bytes(content=path.read_bytes(), name="大.txt", limit=1024)


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(zip_of(parts={"word/document.xml": DOCUMENT % (b"<w:p/>" * 50_000)}))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 10)  # the directory declares ten bytes
    monkeypatch.setattr("xinglin.plans.reading.docx.PART_LIMIT", 1000)
    with pytest.raises((ZipBomb, DamagedFile)):
        read_bytes(content=bytes(content), name="a.docx")
    assert PART_LIMIT == 64 * 1024 * 1024


def test_a_part_beyond_the_limit_is_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinglin.plans.reading.docx.PART_LIMIT", 1000)
    content = zip_of(parts={"word/document.xml": DOCUMENT % (b"<w:p/>" * 50_000)})
    with pytest.raises(ZipBomb):
        read_bytes(content=content, name="a.docx")


def test_pasted_white_space_is_an_empty_document() -> None:
    with pytest.raises(EmptyDocument):
        read_text(text=" \n　")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_in_use_is_read_alike(encoding: str) -> None:
    text = "某市医学会2025年工作计划\n一、学术交流\n全年举办学术会议12场，培训医师300人次。\n"
    reading = read_bytes(content=text.encode(encoding), name="a.txt")
    assert [(each.value_min, each.unit) for each in reading.targets] == [(12, "场"), (300, "人次")]
    assert reading.title == "某市医学会2025年工作计划"


def test_the_name_does_not_decide_the_type() -> None:
    reading = read_bytes(content="某市医学会2025年工作计划\n全年举办学术会议12场。".encode(), name="计划.pdf")
    assert reading.targets[0].value_min == 12

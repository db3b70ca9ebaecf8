"""Tells what a file is from its bytes, never from what its name claims."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

HEAD = 4096


@dataclass(frozen=True)
class FileType:
    """A kind of file: its code, which is also its suffix, and its media type."""

    code: str
    media: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES: dict[str, FileType] = {
    code: FileType(code, media)
    for code, media in (
        ("pdf", "application/pdf"),
        ("docx", f"{_OFFICE}wordprocessingml.document"),
        ("xlsx", f"{_OFFICE}spreadsheetml.sheet"),
        ("pptx", f"{_OFFICE}presentationml.presentation"),
        ("ofd", "application/ofd"),
        ("zip", "application/zip"),
        ("ole", "application/x-ole-storage"),
        ("jpg", "image/jpeg"),
        ("png", "image/png"),
        ("gif", "image/gif"),
        ("webp", "image/webp"),
        ("tif", "image/tiff"),
        ("mp4", "video/mp4"),
        ("mp3", "audio/mpeg"),
        ("wav", "audio/wav"),
        ("csv", "text/csv; charset=utf-8"),
        ("txt", "text/plain; charset=utf-8"),
        ("bin", "application/octet-stream"),
    )
}
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),  # .doc, .xls, .ppt, and office files under a password
)
_INSIDE = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("OFD.xml", "ofd"))
_SAME = {"jpeg": "jpg", "tiff": "tif", "m4v": "mp4", "mov": "mp4", "doc": "ole", "xls": "ole", "ppt": "ole"}
_ALLOWED_CONTROLS = set(b"\t\n\r\f\x1b")


def tell(*, content: BinaryIO, name: str = "") -> FileType:
    """Return the type of a file from its content; the name only chooses between plain text and CSV."""
    content.seek(0)
    head = content.read(HEAD)
    code = _by_signature(head) or _zip(content, head) or _text(head, name) or "bin"
    content.seek(0)
    return TYPES[code]


def _by_signature(head: bytes) -> str:
    for start, code in _STARTS:
        if head.startswith(start):
            return code
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head[:4] == b"RIFF":
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12], "")
    return ""


def _zip(content: BinaryIO, head: bytes) -> str:
    """Read only the list of names: nothing is unpacked, so a bomb stays closed."""
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ""
    try:
        names: Iterable[str] = zipfile.ZipFile(content).namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "bin"
    return next((code for part, code in _INSIDE if any(name.startswith(part) for name in names)), "zip")


def _text(head: bytes, name: str) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv" if name.lower().endswith(".csv") else "txt"
    if any(byte < 32 and byte not in _ALLOWED_CONTROLS for byte in head):
        return ""
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the head may end inside a character
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return "csv" if name.lower().endswith(".csv") else "txt"
    return ""


def right_name(*, name: str, type_: FileType) -> str:
    """Return a safe file name whose suffix says what the file is: 报名表.exe that is a PDF → 报名表.pdf."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in bare if letter.isprintable() and letter not in '<>:"|?*').strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if dot and _SAME.get(suffix.lower(), suffix.lower()) == type_.code:
        return kept[-180:]
    return f"{(stem or kept or 'file')[:170]}.{type_.code}"

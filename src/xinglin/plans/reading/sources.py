"""Turn the bytes of an upload into lines, judging its type by content and never by its name."""

from xinglin.plans.reading.docx import read_docx
from xinglin.plans.reading.lines import Line, Source
from xinglin.plans.reading.pdf import read_pdf
from xinglin.plans.reading.refusals import (
    EmptyDocument,
    FileTooLarge,
    NotADocument,
    OldWordFile,
    PasswordProtected,
    UndecodableText,
)

DEFAULT_LIMIT = 50 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The first bytes of what people upload by mistake, with the names they know it by, Chinese and English.
_FOREIGN = (
    (b"\x89PNG", ("PNG 图片", "a PNG picture")),
    (b"\xff\xd8\xff", ("JPEG 图片", "a JPEG picture")),
    (b"GIF8", ("GIF 图片", "a GIF picture")),
    (b"II*\x00", ("TIFF 图片", "a TIFF picture")),
    (b"MM\x00*", ("TIFF 图片", "a TIFF picture")),
    (b"BM", ("BMP 图片", "a BMP picture")),
    (b"Rar!", ("RAR 压缩包", "a RAR archive")),
    (b"7z\xbc\xaf", ("7z 压缩包", "a 7z archive")),
    (b"\x1f\x8b", ("gzip 压缩包", "a gzip archive")),
    (b"{\\rtf", ("RTF 文件", "an RTF file")),
    (b"MZ", ("Windows 程序", "a Windows program")),
    (b"\x7fELF", ("程序", "a program")),
    (b"SQLite format 3", ("数据库", "a database")),
    (b"ID3", ("音频", "sound")),
    (b"OggS", ("音频", "sound")),
)
_BLANKS = b" \t\r\n\xef\xbb\xbf"


def lines_of(*, content: bytes, name: str, limit: int = DEFAULT_LIMIT) -> Source:
    """Return the lines of a .docx, text .pdf, .txt or .md, or raise the refusal that says why not."""
    if len(content) > limit:
        raise FileTooLarge(size_mb=len(content) / 1048576, limit_mb=limit / 1048576)
    if not content.strip(_BLANKS):
        raise EmptyDocument
    if content.startswith(_OLE):
        _refuse_ole(content, name)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Source(kind="docx", lines=read_docx(content=content, name=name))
    if b"%PDF-" in content[:1024]:
        return Source(kind="pdf", lines=read_pdf(content=content))
    for magic, found in _FOREIGN:
        if content.startswith(magic) and (len(magic) > 2 or b"\x00" in content[:512]):
            raise NotADocument(name=name, found=found)
    text = decode(content=content, name=name)
    if text.lstrip()[:200].lower().startswith(("<!doctype html", "<html", "<?xml")):
        raise NotADocument(name=name, found=("网页或 XML", "a web page or XML"))
    return lines_of_text(text=text)


def lines_of_text(*, text: str) -> Source:
    """Return the lines of text that is already decoded or was pasted."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if not text.strip():
        raise EmptyDocument
    lines: list[Line] = []
    for page, sheet in enumerate(text.split("\f")):
        lines.extend(Line(text=line, page=page) for line in sheet.split("\n"))
    return Source(kind="text", lines=tuple(lines))


def _refuse_ole(content: bytes, name: str) -> None:
    # Office wraps an encrypted .docx in the container of the old formats; the stream's name tells them apart.
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise PasswordProtected
    if "WordDocument".encode("utf-16-le") in content:
        raise OldWordFile
    raise NotADocument(name=name, found=("旧版 Office 文件", "an old Office file"))


def decode(*, content: bytes, name: str = "") -> str:
    """Decode UTF-8, UTF-16 or GB18030 text, by mark, then by strict trial, then by plausibility."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding)
    if b"\x00" in content:
        return _decode_unmarked_utf16(content, name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if len(content.decode("utf-8", "ignore").encode()) > 0.98 * len(content):
        raise UndecodableText  # broken UTF-8: as GB18030 it would read as nonsense without a warning
    candidates = [(_plausibility(content, encoding), encoding) for encoding in ("gb18030", "big5", "utf-16-le")]
    score, encoding = max(candidates)
    if score < 0.6:
        raise UndecodableText
    return content.decode(encoding)


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UndecodableText from None


def _decode_unmarked_utf16(content: bytes, name: str) -> str:
    score, encoding = max((_plausibility(content, each), each) for each in ("utf-16-le", "utf-16-be"))
    if score < 0.6:
        raise NotADocument(name=name, found=("二进制文件", "binary"))
    return content.decode(encoding)


def _plausibility(content: bytes, encoding: str) -> float:
    """Return the share of everyday characters (0–1); −1 when the bytes do not decode."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return -1.0
    sample = [character for character in text[:20000] if not character.isspace()]
    everyday = sum(1 for character in sample if _is_everyday(character))
    return everyday / len(sample) if sample else 0.0


def _is_everyday(character: str) -> bool:
    if " " <= character <= "~" or character in "，。、；：？！“”‘’（）《》〔〕【】—…·①②③④⑤⑥⑦⑧⑨⑩":
        return True
    if not "\u4e00" <= character <= "\u9fff":
        return "\uff01" <= character <= "\uff5e"
    try:
        return 0xB0 <= character.encode("gb2312")[0] <= 0xD7  # level 1: the 3,755 most frequent characters
    except UnicodeEncodeError:
        return False

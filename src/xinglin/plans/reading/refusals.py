"""Why a file cannot be read, said so that the office knows what to send instead."""


class Refusal(Exception):
    """A file that the plan reader will not read."""

    code = "refused"
    zh = "无法读取该文件。"
    en = "The file cannot be read."

    def __init__(self, **facts: object) -> None:
        self.message_zh = self.zh.format(**facts)
        self.message_en = self.en.format(**facts)
        super().__init__(f"{self.message_zh} {self.message_en}")


class PasswordProtected(Refusal):
    """The file is encrypted."""

    code = "password_protected"
    zh = "文件设有打开密码，请取消密码后另存，再上传未加密的文件。"
    en = "The file is protected by a password; save a copy without the password and send that copy."


class ScannedPdf(Refusal):
    """The PDF holds pictures of pages instead of text."""

    code = "scanned_pdf"
    zh = "该 PDF 是扫描图像，没有文字层；请上传由 Word 导出的 PDF、.docx 原稿，或先做文字识别。"
    en = "The PDF holds scanned images without text; send the .docx, a PDF exported from it, or run OCR first."


class OldWordFile(Refusal):
    """A .doc of Word 97–2003."""

    code = "old_word_file"
    zh = "这是旧版 Word 文件（.doc）；请用 Word 或 WPS 打开，另存为 .docx 后再上传。"
    en = "This is an old Word file (.doc); open it in Word or WPS, save it as .docx, and send that."


class FileTooLarge(Refusal):
    """More bytes than the limit."""

    code = "file_too_large"
    zh = "文件有 {size_mb:.1f} MB，超过上限 {limit_mb:.0f} MB；请删去图片或拆分后再上传。"
    en = "The file has {size_mb:.1f} MB and the limit is {limit_mb:.0f} MB; remove pictures or split it."


class ZipBomb(Refusal):
    """A .docx whose parts unpack to far more than a document needs."""

    code = "zip_bomb"
    zh = "该 .docx 解压后的体积异常，已停止读取；请用 Word 或 WPS 重新另存一份正常的 .docx。"
    en = "The .docx unpacks to an abnormal size and was not read; save a fresh .docx from Word or WPS."


class NotADocument(Refusal):
    """A file of another kind, judged by its content."""

    code = "not_a_document"
    zh = "文件“{name}”的内容不是可读的文档（{found[0]}）；可以上传 .docx、带文字的 .pdf、.txt 或 .md。"
    en = "The content of “{name}” is not a readable document ({found[1]}); send .docx, text .pdf, .txt or .md."


class DamagedFile(Refusal):
    """A document that breaks off or contradicts itself."""

    code = "damaged_file"
    zh = "文件已损坏，无法打开；请从原稿重新导出一份。"
    en = "The file is damaged and cannot be opened; export it again from the original."


class EmptyDocument(Refusal):
    """A document without a single character to read."""

    code = "empty_document"
    zh = "文档中没有文字；请检查是否选错了文件。"
    en = "The document holds no text; check whether the right file was chosen."


class UndecodableText(Refusal):
    """Bytes that are text in none of the encodings in use."""

    code = "undecodable_text"
    zh = "无法识别文本编码；请用记事本打开并另存为 UTF-8 编码。"
    en = "The text encoding cannot be recognised; save the file as UTF-8."

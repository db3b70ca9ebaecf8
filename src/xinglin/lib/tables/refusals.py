"""Why an uploaded file was not read as a table, in words for the person who uploaded it."""

from __future__ import annotations


class TableRefused(ValueError):
    """A file that cannot be read as a table; `zh` and `en` say what to do about it."""

    zh = "无法读取该文件。"
    en = "The file cannot be read."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(f"{self.message()} {self.message(language='en')}")

    def message(self, *, language: str = "zh") -> str:
        """The reason in Chinese, or in English if asked for."""
        wording = self.en if language.startswith("en") else self.zh
        return wording.format(**self.facts)


class OldExcelFormat(TableRefused):
    """A workbook of the formats before 2007 or of the binary kind (.xls, .xlsb, XML 2003)."""

    zh = "这是旧版或二进制 Excel 格式（{format}），请用 Excel 或 WPS 另存为 .xlsx 后再上传。"
    en = "This is an old or binary Excel format ({format}); save it as .xlsx and upload that."


class PasswordProtected(TableRefused):
    """A workbook or archive that opens only with a password."""

    zh = "文件设有打开密码，请取消密码后再上传。"
    en = "The file is protected by a password; remove it and upload again."


class NotATable(TableRefused):
    """A file of another kind: a document, a picture, a web page."""

    zh = "这不是表格文件（看起来是{zh_kind}），请上传 .xlsx 或 .csv。"
    en = "This is not a table (it looks like {en_kind}); upload .xlsx or .csv."


class TooLarge(TableRefused):
    """A table beyond the limits of what is read in one piece."""

    zh = "表格过大：{zh_what}超过 {limit}，请拆分或删去多余内容后再上传。"
    en = "The table is too large: more than {limit} {en_what}; split it or remove what is not needed."


class EmptyTable(TableRefused):
    """A sheet without anything in it, or without a row that could be the heading."""

    zh = "表中没有{zh_what}。"
    en = "The table holds no {en_what}."


class UnknownSheet(TableRefused):
    """A sheet asked for by a name the workbook does not have."""

    zh = "没有名为“{sheet}”的工作表，现有：{sheets}。"
    en = "There is no sheet “{sheet}”; there are: {sheets}."


class UnreadableText(TableRefused):
    """A text file in an encoding that is none of those accepted."""

    zh = "无法识别文件编码，请另存为 UTF-8 或 GBK 编码的 CSV。"
    en = "The encoding cannot be recognised; save the file as CSV in UTF-8 or GBK."


class DamagedFile(TableRefused):
    """A file that begins as a table and cannot be read to its end."""

    zh = "文件已损坏，无法读完（{detail}）。"
    en = "The file is damaged and cannot be read to its end ({detail})."

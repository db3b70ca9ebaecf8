"""Writes the papers people bring: plans and drafts, all of them invented."""

from pathlib import Path

from docx import Document


def plan_lines(*, year: int, name: str, promise: str) -> list[str]:
    """Return a small plan: a count, two counts in one sentence, words without a figure, a sum, a date."""
    return [
        f"江海省医师协会（演示）{year}年{name}",
        "（虚构文件，仅供演示）",
        "一、学术与咨询",
        f"（一）{promise}，服务临床一线。",
        "（二）举办安全演练3次，编印案例汇编1册。",
        "（三）推进若干项专题研究，提升学术影响力。",
        "二、自身建设",
        "（一）全年举办党课和组织生活会共6次。",
        "（二）12月20日前印发《专家库管理办法》。",
    ]


def write_text(*, folder: Path, name: str, lines: list[str]) -> Path:
    """Write lines as a .txt file."""
    path = folder / f"{name}.txt"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def write_word(*, folder: Path, name: str, lines: list[str]) -> Path:
    """Write lines as a .docx file, chapters as headings."""
    made = Document()
    made.add_heading(lines[0], level=0)
    for line in lines[1:]:
        if line[:2] in {"一、", "二、"}:
            made.add_heading(line, level=1)
        else:
            made.add_paragraph(line)
    path = folder / f"{name}.docx"
    made.save(str(path))
    return path

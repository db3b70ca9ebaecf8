"""`xinglin plan`: read a document, check a draft summary."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from .booting import boot, fail


def add(subjects: Any) -> None:
    """Add the commands of this subject."""
    parser = subjects.add_parser("plan", help="工作要点：读文件、核对总结 / plans: read a document, check a summary")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("read", help="读 .docx .pdf .txt .md，列出任务与数字 / list commitments and figures")
    one.add_argument("file", type=Path, help="文件 / the document")
    one.add_argument("--json", action="store_true", help="只打印 JSON / print JSON only")
    one.set_defaults(run=read)
    one = verbs.add_parser("check", help="拿总结稿逐个数字对账本 / compare each figure of a draft with the ledger")
    one.add_argument("file", type=Path, help="总结稿 / the draft")
    one.add_argument("--year", type=int, help="总结哪一年 / the year it reports")
    one.add_argument("--json", action="store_true", help="只打印 JSON / print JSON only")
    one.set_defaults(run=check)


def read(given: Namespace) -> int:
    """Read one document and print what it promises."""
    from xinglin.plans.reading import Refusal, read_file

    try:
        reading = read_file(path=given.file)
    except FileNotFoundError:
        return fail(f"没有这个文件 / no such file: {given.file}")
    except (Refusal, OSError) as refused:
        return fail(str(refused))
    if given.json:
        print(json.dumps(reading.as_json(), ensure_ascii=False, indent=1))
        return 0
    print(f"{reading.title}　{reading.organisation}　{'、'.join(map(str, reading.years))}　{reading.doc_type}")
    for heading, rows in (("任务 / targets", reading.targets), ("过去的数字 / figures", reading.figures)):
        print(f"\n{heading}: {len(rows)}")
        for one in rows:
            print(f"  {'.'.join(one.path):<12} {one.quote}　→　{_value(one)}")
    print(f"\n届次 / editions: {len(reading.editions)}")
    for edition in reading.editions:
        print(f"  {'.'.join(edition.path):<12} {edition.name}　第 {edition.edition} 届　{edition.year}")
    return 0


def _value(one: Any) -> str:
    low, high = one.value_min, one.value_max
    text = f"{low}" if low == high else f"{low if low is not None else ''}–{high if high is not None else ''}"
    return f"{text} {one.unit}" if (low, high) != (None, None) else str(getattr(one, "deadline", ""))


def check(given: Namespace) -> int:
    """Compare a draft summary with the ledger."""
    boot()
    from xinglin.kernel.policy import Refusal
    from xinglin.plans.reading import Refusal as Unreadable
    from xinglin.plans.reporting.checking import run_check

    try:
        answer = run_check(path=given.file, year=given.year)
    except FileNotFoundError:
        return fail(f"没有这个文件 / no such file: {given.file}")
    except (Refusal, Unreadable, OSError) as refused:
        return fail(str(refused))
    if given.json:
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return 0
    _tell(answer)
    return 0


RESULTS = {
    "agrees": "相符 / agrees", "ledger_says": "账本不同 / ledger says", "no_evidence": "无依据 / no evidence",
    "double_counted": "重复计算 / double-counted", "not_measurable": "不可计量 / not measurable"}


def _tell(answer: dict[str, Any]) -> None:
    """Print what each figure of a draft looks like in the ledger, with the address of its facts, and the totals."""
    from django.conf import settings
    from django.urls import reverse

    for row in answer["findings"]:
        ledger = "—" if row["ledger"] is None else f"{row['ledger']} {row['unit']}".strip()
        print(f"{RESULTS[row['result']]}　{row['claimed']}　账本 / ledger: {ledger}\n    {row['quote']}")
        if row["query"]:
            print(f"    {settings.XINGLIN_URL}{reverse('plans_reports:figure')}?{row['query']}")
    totals = "　".join(f"{RESULTS[code]} {count}" for code, count in answer["counts"].items() if count)
    print(totals or f"没有 {answer['year']} 年的数字可核 / no figures of {answer['year']} to check")

"""`xinglin ledger`: verify the chain, sign a checkpoint, print a proof."""

import json
import sys
import time
import uuid
from argparse import Namespace
from typing import Any

from .booting import boot

WHAT = {
    "altered": "内容或链接被改动 / content or link was altered",
    "missing": "缺少事实 / a fact is missing",
    "tile": "树叶与内容不符 / tree leaf differs from content",
    "columns": "查询列与内容不符 / query columns differ from content",
    "checkpoint": "检查点与账本不符 / a checkpoint differs from the ledger",
    "signature": "检查点签名不成立 / a checkpoint's signature fails",
    "annex": "附件与链上摘要不符 / an annex differs from its digest",
}


def add(subjects: Any) -> None:
    """Add the commands of this subject."""
    parser = subjects.add_parser("ledger", help="事实账本：校验、检查点、证明 / ledger: verify, checkpoint, proof")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("verify", help="从头校验，指出第一处不符 / verify all, name the first broken position")
    one.set_defaults(run=verify)
    one = verbs.add_parser("checkpoint", help="签发检查点并打印 / sign a checkpoint and print it")
    one.set_defaults(run=checkpoint)
    one = verbs.add_parser("proof", help="打印一条事实的包含证明 / print the inclusion proof of a fact")
    one.add_argument("ref", help="事实的键，可写 kernel.fact:KEY 或第几条 / key, kernel.fact:KEY, or its position")
    one.add_argument("--annex", action="store_true", help="连同附件（含个人信息）/ with the annex (personal words)")
    one.set_defaults(run=proof)
    one = verbs.add_parser("seal", help="封存等待的事实 / seal what waits")
    one.set_defaults(run=seal)


def verify(given: Namespace) -> int:
    """Verify the whole ledger."""
    boot()
    from xinglin.kernel.ledger.verify import verify as read_again

    begun = time.perf_counter()
    found = read_again(progress=lambda read: print(f"\r{read:,}", end="", file=sys.stderr))
    seconds = time.perf_counter() - begun
    print(file=sys.stderr)
    if found.holds:
        print(f"账本完整：{found.facts:,} 条，用时 {seconds:.1f} 秒 / the ledger holds: {found.facts:,} facts")
        return 0
    print(f"第 {found.broken_at} 条不成立：{WHAT[found.what]} / broken at position {found.broken_at}", file=sys.stderr)
    return 1


def checkpoint(given: Namespace) -> int:
    """Seal, sign and print a checkpoint."""
    boot()
    from xinglin.kernel.ledger.checkpoints import make_checkpoint
    from xinglin.kernel.ledger.sealer import seal_all

    seal_all()
    made = make_checkpoint()
    if made is None:
        print("账本还是空的 / the ledger is empty", file=sys.stderr)
        return 1
    print(made.note, end="")
    return 0


def proof(given: Namespace) -> int:
    """Print the proof of one fact as JSON."""
    boot()
    from xinglin.kernel.ledger import checkpoints
    from xinglin.kernel.ledger.models import SealedFact

    text = given.ref.removeprefix("kernel.fact:")
    try:
        key = (
            SealedFact.objects.values_list("key", flat=True).get(position=int(text))
            if text.isdigit()
            else uuid.UUID(text)
        )
        answer = checkpoints.proof(key=key, with_annex=given.annex)
    except (ValueError, SealedFact.DoesNotExist):
        print(f"没有这条事实 / no such fact: {given.ref}", file=sys.stderr)
        return 1
    except checkpoints.NotSealed:
        print(
            "还没有检查点盖住这条事实，先运行 xinglin ledger checkpoint / no checkpoint covers it yet", file=sys.stderr
        )
        return 1
    print(json.dumps(answer, ensure_ascii=False, indent=1))
    return 0


def seal(given: Namespace) -> int:
    """Seal everything that waits."""
    boot()
    from xinglin.kernel.ledger.sealer import seal_all

    print(seal_all())
    return 0

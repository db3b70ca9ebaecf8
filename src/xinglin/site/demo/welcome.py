"""Prints where the demonstration is and who can sign in, once it answers."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable

PASSWORD = "Xinglin-2026-demo"
WHO = (
    ("wenxi", "秘书长", "secretary-general"),
    ("shenzhiwei", "办公室主任，管工作要点", "head of office, keeps the plan"),
    ("gulinchuan", "副会长，批调整", "vice-president, decides changes"),
    ("yinshutong", "学术部主任，核实", "head of academic affairs"),
    ("academic.clerk", "学术部干事，填报工作", "clerk, logs work"),
    ("linxiaoman", "分会秘书", "branch secretary"),
    ("hanshouzheng", "监事长，只看不改", "chief supervisor, reads"),
    ("zhouxingzhou", "普通人员", "a doctor without post"),
    ("sysadmin", "系统管理员", "system administrator"),
    ("secadmin", "安全管理员", "security administrator"),
    ("auditadmin", "审计管理员", "audit administrator"),
)


def await_answer(*, port: int, given_up: Callable[[], bool]) -> bool:
    """Wait until the site answers; False when there is nothing left to wait for."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while not given_up():
        try:
            with direct.open(f"http://127.0.0.1:{port}/", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True  # a refusal is an answer
        except OSError:
            time.sleep(0.2)
    return False


def welcome(*, port: int) -> None:
    """Print the address and the demo accounts by role."""
    print(f"\n  杏林　http://127.0.0.1:{port}/　（Ctrl-C 停 / stops）\n")
    print(f"  演示账号，密码都是 {PASSWORD} / demo accounts, all with this password")
    for username, zh, en in WHO:
        print(f"    {username:<16}{zh}　{en}")
    print("  机构、人员、数字均为虚构 / everything is invented\n", flush=True)

"""`xinglin association`, `administration` and `keys`: the house, its administrators, the keys of sealed fields."""

from argparse import Namespace
from typing import Any

from .booting import boot, fail

ROLES = ("system_admin", "security_admin", "audit_admin")


def add(subjects: Any) -> None:
    """Add the commands of this subject."""
    parser = subjects.add_parser("association", help="本会：登记并开办公室主任的账号 / enter the association itself")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("open", help="登记本会、办公室和办公室主任，只办一次 / the association and its office, once")
    one.add_argument("name", help="本会全称 / full name of the association")
    one.add_argument("username", help="办公室主任的用户名 / user name of the head of the office")
    one.add_argument("--head", required=True, help="办公室主任的姓名 / full name of the head of the office")
    one.add_argument("--office", default="办公室", help="办公室的名称 / name of the office")
    one.add_argument("--region", default="", help="行政区划代码 / GB/T 2260 code")
    one.add_argument("--email", default="", help="电子邮箱 / e-mail")
    one.add_argument("--mobile", default="", help="手机号 / mobile number")
    one.set_defaults(run=open_association)
    parser = subjects.add_parser("administration", help="三员：开首批账号 / open the first accounts of administration")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("open", help="开一个管理账号，密码当场输入 / open an account; the password is asked for")
    one.add_argument("role", choices=ROLES, help="系统、安全或审计管理 / system, security or audit administration")
    one.add_argument("username", help="用户名 / user name")
    whose = one.add_mutually_exclusive_group(required=True)
    whose.add_argument("--name", default="", help="姓名，尚未入名册的 / full name of somebody not yet on the register")
    whose.add_argument("--person", default="", help="名册中的编号 / number on the register")
    one.add_argument("--email", default="", help="电子邮箱 / e-mail")
    one.add_argument("--mobile", default="", help="手机号 / mobile number")
    one.set_defaults(run=open_account)
    parser = subjects.add_parser("keys", help="敏感字段的密钥 / keys of sealed fields")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("rotate", help="把加密字段换到当前密钥下 / bring sealed fields under the current key")
    one.add_argument("--new", action="store_true", help="先生成新密钥 / make a new key first")
    one.add_argument("--index", action="store_true", help="改为重算盲索引 / the blind indexes instead")
    one.add_argument("--retire", action="store_true", help="删去已无数据使用的旧密钥 / drop keys that no row needs")
    one.add_argument("--count", action="store_true", help="只报还剩多少 / only say what is left")
    one.set_defaults(run=rotate)


def open_association(given: Namespace) -> int:
    """Enter the association, its office and the head of the office."""
    options = [
        f"--{name}={value}"
        for name in ("head", "office", "region", "email", "mobile")
        if (value := getattr(given, name))
    ]
    return _call("open_association", given.name, given.username, *options)


def open_account(given: Namespace) -> int:
    """Open an account of one of the three administrations."""
    options = [f"--{name}={value}" for name in ("name", "person", "email", "mobile") if (value := getattr(given, name))]
    return _call("open_administration", given.role, given.username, *options)


def rotate(given: Namespace) -> int:
    """Re-encrypt sealed fields in batches; may be stopped and started again."""
    options = [f"--{name}" for name in ("new", "index", "retire", "count") if getattr(given, name)]
    return _call("rotate_keys", *options)


def _call(command: str, *words: str) -> int:
    boot()
    from django.core.management import CommandError, call_command

    try:
        call_command(command, *words)
    except CommandError as wrong:
        return fail(str(wrong))
    return 0

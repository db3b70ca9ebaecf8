"""Opens an account of one of the three administrations from the console: how the first ones begin."""

import argparse
import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.kernel.policy import Refusal

from ....actions.people import register_person
from ....people import Person
from ...actions.accounts import open_account
from ...actions.grants import give_grant
from ...actions.passwords import change_password
from ...models import ADMINISTRATIONS


class Command(BaseCommand):
    """open_administration ROLE USERNAME --name … | --person … [--email …] [--mobile …]."""

    help = (
        "Open an account of the system, security or audit administration. "
        "开系统、安全或审计管理账号；首次使用时在控制台各开一个。"
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("role", choices=ADMINISTRATIONS)
        parser.add_argument("username")
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--person", help="number on the register 名册中的编号")
        whose.add_argument("--name", help="full name of somebody not yet on the register 尚未入名册者的姓名")
        parser.add_argument("--email", default="")
        parser.add_argument("--mobile", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        by, on = house("console"), clock.today()
        password = getpass.getpass("password 密码: ")
        try:
            with transaction.atomic():
                key = options["person"] or register_person(by=by, on=on, name=options["name"]).key
                account = open_account(
                    by=by, on=on, username=options["username"], email=options["email"], mobile=options["mobile"],
                    person=Person.objects.known().filter(pk=key).first(), administers=True, active=True,
                )  # fmt: skip
                change_password(by=by, on=on, account=account, password=password, way="console")
                give_grant(by=by, on=on, account=account, role=options["role"], reason="opened from the console")
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{account.username}: {options['role']}")

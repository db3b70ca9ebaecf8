"""Enters the association, its office and the first head of the office: how a new installation begins."""

import argparse
import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.kernel.policy import Refusal

from ....actions.organisations import found_organisation
from ....actions.people import register_person
from ....actions.terms import begin_term
from ....answers import association
from ....people import Person
from ...actions.accounts import open_account
from ...actions.passwords import change_password


class Command(BaseCommand):
    """open_association NAME USERNAME --head … [--office 办公室] [--region 320000] [--email …] [--mobile …]."""

    help = "Enter the association, its office and who heads it, once. 登记本会、办公室和办公室主任，只办一次。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("username")
        parser.add_argument("--head", required=True, help="full name of the head of the office 办公室主任的姓名")
        parser.add_argument("--office", default="办公室")
        parser.add_argument("--region", default="", help="GB/T 2260, six digits 行政区划代码")
        parser.add_argument("--email", default="")
        parser.add_argument("--mobile", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        by, on = house("console"), clock.today()
        if association(on=on):
            raise CommandError("The association is entered already; its office enters everybody else. 本会已登记。")
        password = getpass.getpass("password 密码: ")
        try:
            with transaction.atomic():
                ours = found_organisation(
                    by=by, on=on, name=options["name"], kind="association", region=options["region"]
                )
                office = found_organisation(by=by, on=on, name=options["office"], kind="office", parent=ours)
                person = register_person(
                    by=by, on=on, name=options["head"], email=options["email"], mobile=options["mobile"]
                )
                begin_term(by=by, on=on, person=person, organisation=office, title="department_head", from_on=on)
                account = open_account(
                    by=by, on=on, username=options["username"], email=options["email"], mobile=options["mobile"],
                    person=Person.objects.get(pk=person.key), active=True,
                )  # fmt: skip
                change_password(by=by, on=on, account=account, password=password, way="console")
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{options['name']}　{options['office']}　{account.username}")

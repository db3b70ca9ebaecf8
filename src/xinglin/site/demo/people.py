"""The people of the fictional year: a cast with accounts, and a crowd that comes in by an imported table."""

import random
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from xinglin.directory.accounts import Account
from xinglin.directory.actions.people import register_person
from xinglin.directory.actions.terms import begin_term
from xinglin.directory.importing.from_file import import_people
from xinglin.directory.people import Person
from xinglin.directory.roles import actor_of
from xinglin.directory.security.actions.accounts import open_account
from xinglin.directory.security.actions.grants import give_grant
from xinglin.directory.security.actions.passwords import change_password
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.actors import house as part
from xinglin.lib.tables import write_csv

from .houses import House
from .invented import DEPARTMENTS, TITLES, person_name
from .welcome import PASSWORD, WHO

SHOWN = {username for username, *_ in WHO}
# user name: (name, post, unit); the first of a department heads it.
CAST = {
    "wenxi": ("闻溪", "secretary_general", "association"),
    "gulinchuan": ("顾临川", "vice_president", "association"),
    "xuheng": ("许衡", "president", "association"),
    "hanshouzheng": ("韩守正", "chief_supervisor", "association"),
    "shenzhiwei": ("沈知微", "department_head", "office"),
    "qiaoyian": ("乔以安", "staff", "office"),
    "songhuaijin": ("宋怀瑾", "department_head", "party"),
    "jiangtinglan": ("江听澜", "department_head", "organisation"),
    "chengweiyang": ("程未央", "department_head", "membership"),
    "yinshutong": ("尹疏桐", "department_head", "academic"),
    "shaomingyan": ("邵明砚", "department_head", "cme"),
    "zhuzhiyao": ("祝知遥", "department_head", "research"),
    "peiruochuan": ("裴若川", "department_head", "quality"),
    "luwanqing": ("陆晚晴", "department_head", "publicity"),
    "yanjiming": ("严既明", "department_head", "rights"),
    "suyanqiu": ("苏砚秋", "department_head", "finance"),
    "henianci": ("何念慈", "department_head", "union"),
}
ADMINISTRATIONS = {
    "sysadmin": ("system_admin", "方知行"),
    "secadmin": ("security_admin", "蒋慎言"),
    "auditadmin": ("audit_admin", "傅明鉴"),
}


@dataclass
class Cast:
    """The actors of the year by user name; each department also has a clerk who logs what its head verifies."""

    accounts: dict[str, Account] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    clerks: dict[str, str] = field(default_factory=dict)
    actors: dict[tuple[str, int], Actor] = field(default_factory=dict)

    def actor(self, username: str, on: date) -> Actor:
        """Return who somebody is on a day; their posts hold for whole years."""
        key = (username, on.year)
        if key not in self.actors:
            self.actors[key] = actor_of(account=self.accounts[username], on=on)
        return self.actors[key]

    def head(self, unit: str, on: date) -> Actor:
        """Return the head of a department on a day."""
        return self.actor(self.heads[unit], on)

    def clerk(self, unit: str, on: date) -> Actor:
        """Return the clerk of a department on a day."""
        return self.actor(self.clerks[unit], on)


def gather(*, house: House, count: int, today: date, seed: int) -> Cast:
    """Register the cast with posts and accounts, then import the crowd with 3,500 posts of branches."""
    by, on = part("demo"), date(today.year - 1, 12, 2)
    cast = Cast()
    for username, (name, post, unit) in CAST.items():
        place = house.association if unit == "association" else house.units[unit]
        _enter(cast, by, on, username, name, post, place, house)
        if post == "department_head":
            cast.heads[unit] = username
    rng = random.Random(seed)
    for unit in house.units:
        username = "qiaoyian" if unit == "office" else f"{unit}.clerk"
        if username not in cast.accounts:
            _enter(cast, by, on, username, person_name(rng), "staff", house.units[unit], house)
        cast.clerks[unit] = username
    _enter(cast, by, on, "linxiaoman", "林小满", "branch_secretary", house.branches[0], house)
    _enter(cast, by, on, "zhouxingzhou", "周行舟", "", house.association, house)
    for username, (role, name) in ADMINISTRATIONS.items():
        person = register_person(by=by, on=on, name=name, organisation=house.association)
        account = _open(cast, by, on, username, Person.objects.get(pk=person.key), administers=True)
        give_grant(by=by, on=on, account=account, role=role, reason="演示")
    _crowd(house, count - len(cast.accounts), today, seed)
    return cast


def _enter(cast: Cast, by: Actor, on: date, username: str, name: str, post: str, place: str, house: House) -> None:
    person = register_person(
        by=by,
        on=on,
        name=name,
        email=f"{username}@jianghai.example",
        organisation=house.association if post else house.hospitals[0],
    )
    if post:
        begin_term(
            by=by,
            on=on,
            person=person,
            organisation=place,
            title=post,
            from_on=date(on.year, 1, 1),
            until_on=date(on.year + 4, 1, 1),
        )
    _open(cast, by, on, username, Person.objects.get(pk=person.key))


def _open(
    cast: Cast, by: Actor, on: date, username: str, person: Person, *, administers: bool = False
) -> Account:
    account = open_account(
        by=by,
        on=on,
        username=username,
        person=person,
        email=f"{username}@jianghai.example",
        administers=administers,
        active=True,
    )
    if username in SHOWN:  # hashing a password is slow on purpose
        change_password(by=by, on=clock.today(), account=account, password=PASSWORD)
    cast.accounts[username] = account
    return account


def _crowd(house: House, count: int, today: date, seed: int) -> None:
    """Write a table as a secretariat would have it, and import it."""
    rng = random.Random(seed + 1)
    titles, weights = zip(*TITLES, strict=True)
    posts = _posts(house, min(3500, count * 3 // 4))
    rows = []
    for number in range(count):
        branch, post = posts[number] if number < len(posts) else ("", "")
        start = date(today.year - 1 - number % 3, 3, 1) if branch else ""
        rows.append(
            (
                person_name(rng),
                rng.choice(("男", "女")),
                f"p{number:06d}@jianghai.example",
                rng.choice(house.hospital_names),
                rng.choice(DEPARTMENTS),
                rng.choices(titles, weights)[0],
                branch,
                post,
                start,
                date(start.year + 4, 2, 28) if start else "",
            )
        )
    columns = ("姓名", "性别", "邮箱", "工作单位", "科室", "职称", "专委会", "任职", "任期起", "任期止")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        with path.open("wb") as file:
            write_csv(target=file, columns=columns, rows=rows)
        import_people(path, by=part("demo"), on=date(today.year - 1, 12, 3), only_accepted=False)


def _posts(house: House, count: int) -> list[tuple[str, str]]:
    """Return branch and post for each of the posts: a chair, vice-chairs, standing members and members."""
    size = max(3, count // len(house.branches))
    answer = []
    for name in house.branch_names:
        answer += [(name, "主任委员"), (name, "候任主任委员")]
        answer += [(name, "副主任委员")] * max(1, size // 10)
        answer += [(name, "常务委员")] * max(1, size // 4)
        answer += [(name, "委员")] * max(1, size - 2 - size // 10 - size // 4)
    return answer[:count]

"""The facts of the directory: people and organisations as they come, change and go; terms begun and ended."""

from datetime import date

from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
from xinglin.kernel.refs import Code, Ref


def _quiet(zh: str, en: str) -> Vocabulary:
    return Vocabulary(zh=zh, en=en, countable=False)


@states("directory.person.registered", Vocabulary(
    zh="人员已登记", en="Person registered",
    nouns=(Noun(zh="登记人员", en="registered person", units=("人", "名", "位")),),
    dimensions=(Dimension(field="organisation", zh="单位", en="Organisation", distinct=True, units=("家", "个")),)))
class PersonRegistered(Fact):
    """Somebody was entered in the directory, with the unit they work for where it is known."""

    person: Ref
    organisation: Ref | None = None


@states("directory.person.corrected", _quiet("人员信息已更正", "Person corrected"))
class PersonCorrected(Fact):
    """Something the directory says about a person was added, corrected or taken away."""

    person: Ref
    what: tuple[Code, ...]


@states("directory.person.merged", _quiet("重复人员已合并", "People merged"))
class PersonMerged(Fact):
    """Two entries turned out to be one person; the first lives on in the second."""

    person: Ref
    into: Ref
    merge: Ref


@states("directory.person.unmerged", _quiet("人员合并已撤销", "Merge undone"))
class PersonUnmerged(Fact):
    """A merge was wrong and was undone: two people stand again, each with what was theirs."""

    person: Ref
    out_of: Ref
    merge: Ref


@states("directory.person.distinguished", _quiet("已确认为两人", "Found to be two people"))
class PeopleDistinguished(Fact):
    """Two entries that looked like one person were looked at and are two people."""

    first: Ref
    second: Ref


@states("directory.employment.begun", _quiet("任职单位已登记", "Employment begun"))
class EmploymentBegun(Fact):
    """Somebody works for an organisation, from a day that may be unknown."""

    person: Ref
    organisation: Ref
    from_on: date | None = None
    until_on: date | None = None


@states("directory.employment.ended", _quiet("已离开单位", "Employment ended"))
class EmploymentEnded(Fact):
    """Somebody no longer works for an organisation."""

    person: Ref
    organisation: Ref
    until_on: date


@states("directory.organisation.founded", Vocabulary(
    zh="机构已登记", en="Organisation registered",
    nouns=(Noun(zh="机构", en="organisation", units=("家", "个")),
           Noun(zh="分支机构", en="branch", units=("个", "家"), where=(("kind", "branch"),)),
           Noun(zh="新成立分支机构", en="new branch", units=("个", "家"), where=(("kind", "branch"),)),
           Noun(zh="专业委员会", en="branch", units=("个",), where=(("kind", "branch"),)),
           Noun(zh="青年委员会", en="youth committee", units=("个",), where=(("kind", "youth_committee"),)),
           Noun(zh="医院", en="hospital", units=("家", "所"), where=(("kind", "hospital"),))),
    dimensions=(Dimension(field="kind", zh="种类", en="Kind"),
                Dimension(field="parent", zh="上级机构", en="Parent"))))
class OrganisationFounded(Fact):
    """An organisation was founded, or entered in the directory as existing since a day."""

    organisation: Ref
    kind: Code
    parent: Ref | None = None
    from_on: date | None = None


@states("directory.organisation.renamed", Vocabulary(
    zh="机构已更名", en="Organisation renamed", nouns=(Noun(zh="机构更名", en="renaming", units=("家", "个", "次")),)))
class OrganisationRenamed(Fact):
    """An organisation bears another name from a day on; the former one keeps finding it."""

    organisation: Ref


@states("directory.organisation.corrected", _quiet("机构信息已更正", "Organisation corrected"))
class OrganisationCorrected(Fact):
    """Something the directory says about an organisation was corrected."""

    organisation: Ref
    what: tuple[Code, ...]
    kind: Code | None = None
    from_on: date | None = None


@states("directory.bank_account.named", _quiet("收款账户已设置", "Collecting account named"),
        annexed=("account_name", "bank"))
class BankAccountNamed(Fact):
    """From a day on the association collects into this account."""

    bank_account: Ref
    organisation: Ref
    number: Code
    from_on: date
    account_name: str = ""
    bank: str = ""


@states("directory.organisation.moved", _quiet("机构隶属已变更", "Organisation moved"))
class OrganisationMoved(Fact):
    """An organisation belongs to another one from a day on, or to none."""

    organisation: Ref
    parent: Ref | None = None


@states("directory.organisation.merged", Vocabulary(
    zh="机构已合并", en="Organisation merged", nouns=(Noun(zh="机构合并", en="merger", units=("家", "个")),)))
class OrganisationMerged(Fact):
    """An organisation ceased on a day and lives on in another."""

    organisation: Ref
    into: Ref
    until_on: date


@states("directory.organisation.split", _quiet("机构已分立", "Organisation split"))
class OrganisationSplit(Fact):
    """Other organisations came out of one, which goes on or, with `until_on`, ceases."""

    organisation: Ref
    into: tuple[Ref, ...]
    until_on: date | None = None


@states("directory.organisation.closed", Vocabulary(
    zh="机构已撤销", en="Organisation closed",
    nouns=(Noun(zh="撤销机构", en="closure", units=("家", "个")),
           Noun(zh="撤销分支机构", en="branch closed", units=("个",), where=(("kind", "branch"),))),
    dimensions=(Dimension(field="kind", zh="种类", en="Kind"),)))
class OrganisationClosed(Fact):
    """An organisation ceased on a day."""

    organisation: Ref
    kind: Code
    until_on: date


@states("directory.term.begun", Vocabulary(
    zh="任期已开始", en="Term begun",
    nouns=(Noun(zh="任职", en="appointment", units=("人", "人次", "名", "位")),
           Noun(zh="新任委员", en="new committee member", units=("名", "人", "位"),
                where=(("title", "committee_member"),)),
           Noun(zh="新任主任委员", en="new chair", units=("名", "人", "位"), where=(("title", "chair"),)),
           Noun(zh="新任理事", en="new council member", units=("名", "人", "位"),
                where=(("title", "council_member"),))),
    dimensions=(Dimension(field="title", zh="职务", en="Post"),
                Dimension(field="organisation", zh="机构", en="Organisation", distinct=True, units=("个", "家")),
                Dimension(field="person", zh="人员", en="Person", distinct=True, units=("人", "名", "位")))))
class TermBegun(Fact):
    """Somebody holds a post in an organisation from a day on."""

    term: Ref
    person: Ref
    organisation: Ref
    title: Code
    from_on: date
    until_on: date | None = None


@states("directory.term.ended", Vocabulary(
    zh="任期已结束", en="Term ended", nouns=(Noun(zh="卸任", en="end of a term", units=("人", "人次", "名")),),
    dimensions=(Dimension(field="title", zh="职务", en="Post"), Dimension(field="reason", zh="原因", en="Reason"))))
class TermEnded(Fact):
    """A term has an end: the day it names is the first on which the post is no longer held."""

    term: Ref
    person: Ref
    organisation: Ref
    title: Code
    until_on: date
    reason: Code


@states("directory.term.corrected", _quiet("任期已更正", "Term corrected"))
class TermCorrected(Fact):
    """The days of a term were wrong, or it belongs to somebody else; these are right."""

    term: Ref
    person: Ref
    from_on: date
    until_on: date | None = None


@states("directory.entry.withdrawn", _quiet("误登已撤回", "Entry withdrawn"))
class EntryWithdrawn(Fact):
    """A person, organisation or term was entered by mistake and nothing else had referred to it."""

    entry: Ref


@states("directory.list.imported", Vocabulary(
    zh="名单已导入", en="List imported", countable=False,
    quantities=(Quantity(field="accepted", zh="导入行数", en="Rows taken", units=("行",)),)))
class ListImported(Fact):
    """A file of people or organisations was imported."""

    batch: Ref
    kind: Code
    accepted: int
    rejected: int


@states("directory.list.withdrawn", _quiet("名单导入已撤销", "Import undone"))
class ImportUndone(Fact):
    """An import was undone, except for the rows that others had come to refer to."""

    batch: Ref
    withdrawn: int
    kept: int

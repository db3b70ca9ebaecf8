"""The facts of faculty and abstracts: who was asked and paid, what was handed in and taken."""

from decimal import Decimal

from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
from xinglin.kernel.refs import Code, Ref


@states("events.faculty.moved", Vocabulary(
    zh="讲者邀请已办理", en="Faculty invitation moved",
    nouns=(Noun(zh="应邀讲者", en="speakers who accepted", units=("名", "位", "人", "人次"),
                where=(("state", "accepted"),)),
           Noun(zh="已付讲课费", en="lecture fees paid", units=("笔", "人次"), where=(("state", "paid"),))),
    dimensions=(Dimension(field="state", zh="邀请状态", en="State of the invitation"),
                Dimension(field="part", zh="讲者或主持", en="Speaker or chair"),
                Dimension(field="rank", zh="职称档次", en="Rank"),
                Dimension(field="person", zh="受邀人", en="Person", distinct=True, units=("人", "名", "位"))),
    quantities=(Quantity(field="net", zh="税后讲课费", en="Fee after tax", units=("元",)),
                Quantity(field="tax", zh="代扣税款", en="Tax withheld", units=("元",)))), annexed=("note",))
class FacultyMoved(Fact):
    """Somebody was invited, answered, was let go, or was paid."""

    invitation: Ref
    event: Ref
    person: Ref
    part: Code
    rank: Code
    state: Code
    net: Decimal
    gross: Decimal | None = None
    tax: Decimal | None = None
    note: str = ""


@states("events.abstract.moved", Vocabulary(
    zh="论文摘要已办理", en="Abstract moved",
    nouns=(Noun(zh="会议论文投稿", en="abstracts handed in", units=("篇", "份"), where=(("state", "submitted"),)),
           Noun(zh="录用摘要", en="abstracts accepted", units=("篇", "份"), where=(("state", "accepted"),))),
    dimensions=(Dimension(field="state", zh="摘要状态", en="State of the abstract"),
                Dimension(field="form", zh="交流形式", en="Form"),
                Dimension(field="person", zh="投稿人", en="Author", distinct=True, units=("人", "名", "位")),
                Dimension(field="event", zh="活动", en="Event", distinct=True, units=("个", "场")))),
    annexed=("title", "text", "authors", "reason"))
class AbstractMoved(Fact):
    """An abstract was handed in, accepted, not accepted or withdrawn; what reviewing needs stands in the annex."""

    abstract: Ref
    event: Ref
    number: int
    person: Ref
    form: Code
    state: Code
    specialty: Code | None = None
    title: str = ""
    text: str = ""
    authors: str = ""  # JSON
    reason: str = ""

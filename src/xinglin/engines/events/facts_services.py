"""The facts of what an association does beside its meetings: visits of care, health days, the list of risk areas."""

from datetime import date
from decimal import Decimal

from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
from xinglin.kernel.refs import Code, Ref

_CARE = Noun(zh="慰问", en="visits of care", units=("次", "批", "户"))


@states("events.care.given", Vocabulary(
    zh="已慰问", en="Care given",
    nouns=(_CARE, Noun(zh="走访慰问", en="visits of care", units=_CARE.units),
           Noun(zh="医师节慰问", en="visits on doctors' day", units=_CARE.units, where=(("reason", "doctors_day"),))),
    dimensions=(Dimension(field="reason", zh="慰问事由", en="Reason of the visit"),
                Dimension(field="organisation", zh="受慰问单位", en="Institution", distinct=True, units=("家",)),
                Dimension(field="region", zh="县区", en="County", distinct=True, units=("个",))),
    quantities=(Quantity(field="money", zh="慰问金", en="Money given", units=("元", "万元")),
                Quantity(field="people", zh="慰问人数", en="People cared for", units=("人", "人次", "名", "位")))),
    annexed=("name", "unit", "gift", "voucher", "note"))
class CareGiven(Fact):
    """Somebody was visited or written to for a reason, with money or a gift (C15)."""

    care: Ref
    person: Ref | None = None
    organisation: Ref | None = None
    reason: Code
    year: int
    money: Decimal
    people: int
    region: Code | None = None
    name: str = ""
    unit: str = ""
    gift: str = ""
    voucher: str = ""
    note: str = ""


@states("events.healthday.assigned", Vocabulary(
    zh="健康日已落实责任人", en="Health day assigned",
    nouns=(Noun(zh="健康日落实", en="health days with an owner", units=("个",)),),
    dimensions=(Dimension(field="healthday", zh="健康日", en="Health day", distinct=True, units=("个",)),)))
class HealthdayAssigned(Fact):
    """Somebody answers for a health day of a year, with the event that is held for it where there is one (W06)."""

    healthday: Code
    held_on: date
    owner: Ref
    organisation: Ref | None = None
    event: Ref | None = None


@states("events.risk.listed", Vocabulary(zh="风险地区名单已更新", en="List of risk areas renewed", countable=False),
        annexed=("source",))
class RiskListed(Fact):
    """The list of risk areas was taken over in a new version, which replaces the one before (C08)."""

    version: int
    high: tuple[Code, ...] = ()
    medium: tuple[Code, ...] = ()
    source: str = ""

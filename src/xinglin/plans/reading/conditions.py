"""Recognise the numbers that set the condition of a rule or cite one that stands, and promise nothing."""

import re

from xinglin.plans.reading.clauses import Clauses
from xinglin.plans.reading.quantities import Quantity

# 以20学分为底线, 按25学分的要求: a rule that exists is cited, nothing is promised
_CITED_BEFORE = re.compile("(?:按照?|以|依照?)[^，。；\\d]{0,6}$")
_CITED_AFTER = re.compile("的?(?:要求|标准|规定)|为[^，。；]{0,4}(?:底线|标准|基准|界限?|准)(?=[，。；]|$)")
_KEPT_BEFORE = re.compile("(?:维持|沿用|执行)[^，。；\\d]{0,6}$")
_KEPT_AFTER = re.compile("的?[^，。；\\d]{0,6}标准(?=[，。；]|$)")
_UNCHANGED = re.compile(
    "的?[^，。；的\\d]{0,4}(?:标准|规定|额度|限额)(?:继续|仍|暂)?(?:保持|维持)?(?:不变|不[作做]调整|照旧)"
)
# 满意度低于85%的班次: who falls short is singled out; 控制在低于2%的水平 is a promise
_SHORT = re.compile(
    "(?:[率度数量比额值分]|成绩)(?:(?<!不)(?<!不得)(?:低于|少于|小于)|不足|不到|不满|达不到|未达到?|未满)$"
)
_SINGLED_OUT = re.compile("的(?!水平|范围|区间|目标|要求|程度|状态|低位)")
_FALLS_SHORT = re.compile("(?:不足|不到|不满|未满|达不到)$")
# 10万元以上的设备，须…: what is laid down for those the bound singles out
_RULED = re.compile(
    "[^，。；、\\d]{0,6}的[^，。；\\d]{0,12}(?:，(?:必?须|应(?!邀)|需|可(?!视)|由|不予|不得|不再|责令|限期|"
    "按(?!期|时|计划|进度)[^，。；]{0,20}(?:办理|执行|处理|报批|审批|审议))|，?(?:一律|优先|取消|暂停|约谈|予以|给予))"
)
# nothing but a measure stands before such a bound; a verb makes it a promise (接入200家以上的医院，由…)
_BOUNDED = re.compile(
    "(?:凡|对于?)?(?:[^，。；]{0,12}(?:[率度数量比额值分龄积]|成绩|床位|采购|经费))?(?:在|为|达到?|(?<!不)(?:超过|高于|大于)|超)?"
)
_PRICE = re.compile("(?:单[价笔项次台件]|每笔|金额|价值|标的|总价|造价|原值)[^，。；\\d]{0,6}$")
_UNIT_PRICE = re.compile("单[价笔项次台件][^，。；\\d]{0,6}$")
_PRICED = re.compile("的|[^，。；\\d]{2,10}(?:必?须|应(?!用|急)|一律|报批|报请|按)")
_FAILS = re.compile("[^，。；、]{0,2}(?:不|未|缺|违|逾|迟|旷|无故)")
_FAILING = re.compile("[^，。；、]{0,2}(?:不合格|不参加|未|缺|违|逾期|迟到|旷)[^，。；、\\d]{0,8}的(?!现象|情况|问题)")
_QUALIFIES = re.compile("[^，。；、]{1,10}的")
_BIDS = re.compile("(?:的)?[^，。；、\\d]{0,6}(?:比价|比选|询价|报价)")
_GRADED = re.compile("[\\d一二三四]期及以[上下]的?[\u4e00-\u9fff]{2}")


def condition_reason(quantity: Quantity, clauses: Clauses, before: str, after: str) -> str | None:
    """Return why a number only bounds whom a rule is for or repeats one, or None."""
    if (_CITED_BEFORE.search(before) and _CITED_AFTER.match(after)) or _UNCHANGED.match(after):
        return "a rule that is cited"
    if _KEPT_BEFORE.search(before) and _KEPT_AFTER.match(after):
        return "a rule that is cited"
    if re.match("的[，、]", after) or (_SHORT.search(before) and _SINGLED_OUT.match(after)):
        return "the condition of a rule"  # 单笔5万元以上的，一律提交
    if (quantity.value_min is None or quantity.value_max is None) and _is_ruled(quantity, clauses, before, after):
        return "the condition of a rule"
    if quantity.unit == "次" and _FAILING.match(after):
        return "how often something must recur"
    if before.endswith("连续") and (_FAILS.match(after) or _QUALIFIES.match(after)):
        return "how often something must recur"
    if quantity.unit in ("家", "个", "份") and (_BIDS.match(after) or before.endswith("货比")):
        return "a rule of procurement"
    if quantity.unit == "期" and _GRADED.match(clauses.text, quantity.start):
        return "a grade of a disease"
    return None


def _is_ruled(quantity: Quantity, clauses: Clauses, before: str, after: str) -> bool:
    """Tell whether a bound singles out those for whom something is laid down; a share of them is a promise."""
    if _PRICE.search(before) and _PRICED.match(after):
        return True
    if _UNIT_PRICE.search(before) and re.match("[\u4e00-\u9fff]{2}", after):
        return True
    if not _RULED.match(clauses.text, quantity.end):
        return False
    start, _ = clauses.clause_at(quantity.start)
    measured = _BOUNDED.fullmatch(clauses.text, start, quantity.start)
    if measured is None:
        return bool(_FALLS_SHORT.search(before))
    return not quantity.is_percent or len(measured[0]) > 2

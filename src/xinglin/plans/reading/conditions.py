"""Recognise the numbers that set the condition of a rule or cite one that stands, and promise nothing."""

import re

from xinglin.plans.reading.clauses import Clauses
from xinglin.plans.reading.quantities import Quantity

# 以20学分为底线, 按25学分的要求: a rule that exists is cited, nothing is promised
_CITED_BEFORE = re.compile("(?:按照?|以|依照?)[^，。；\\d]{0,6}$")
_CITED_AFTER = re.compile("的?(?:要求|标准|规定)|为[^，。；]{0,4}(?:底线|标准|基准|界限?|准)(?=[，。；]|$)")
_UNCHANGED = re.compile("的?(?:收费)?(?:标准|规定|额度|限额)(?:继续|仍|暂)?(?:保持|维持)?(?:不变|不[作做]调整|照旧)")
# 满意度低于85%的班次: who falls short is singled out; 控制在低于2%的水平 is a promise
_SHORT = re.compile(
    "(?:[率度数量比额值分]|成绩)(?:(?<!不)(?<!不得)(?:低于|少于|小于)|不足|不到|不满|达不到|未达到?|未满)$"
)
_SINGLED_OUT = re.compile("的(?!水平|范围|区间|目标|要求|程度|状态|低位)")
# 10万元以上的设备，须…: what is laid down for those the bound singles out
_RULED = re.compile(
    "[^，。；、\\d]{0,6}的[^，。；\\d]{0,12}，(?:必?须|应(?!邀)|需|一律|不予|不得|不再|取消|暂停|约谈|予以|给予|责令|限期|"
    "按(?!期|时|计划|进度)[^，。；]{0,20}(?:办理|执行|处理|报批|审批|审议))"
)
_DOES = re.compile(
    "举办|召开|开展|组织|完成|制定|编[写印制]|建[成立设]|成立|组建|设立|培[训养育]|选派|遴选|表彰|发展|新[增建设]|引进|吸纳|推动|实现|覆盖|确保"
)
_PRICE = re.compile("(?:单[价笔项次台件]|每笔|金额|价值|标的|总价|造价|原值)[^，。；\\d]{0,6}$")
_FAILS = re.compile("[^，。；、]{0,2}(?:不|未|缺|违|逾|迟|旷|无故)")
_QUALIFIES = re.compile("[^，。；、]{1,10}的")
_BIDS = re.compile("(?:的)?[^，。；、\\d]{0,6}(?:比价|比选|询价|报价)")
_GRADED = re.compile("[\\d一二三四]期及以[上下]的?[\u4e00-\u9fff]{2}")


def condition_reason(quantity: Quantity, clauses: Clauses, before: str, after: str) -> str | None:
    """Return why a number only bounds whom a rule is for or repeats one, or None."""
    if (_CITED_BEFORE.search(before) and _CITED_AFTER.match(after)) or _UNCHANGED.match(after):
        return "a rule that is cited"
    if re.match("的[，、]", after) or (_SHORT.search(before) and _SINGLED_OUT.match(after)):
        return "the condition of a rule"  # 单笔5万元以上的，一律提交
    if quantity.value_min is None or quantity.value_max is None:
        start, _ = clauses.clause_at(quantity.start)
        if _PRICE.search(before) and after.startswith("的"):
            return "the condition of a rule"
        if _RULED.match(clauses.text, quantity.end) and not _DOES.search(clauses.text, start, quantity.start):
            return "the condition of a rule"
    if before.endswith("连续") and (_FAILS.match(after) or _QUALIFIES.match(after)):
        return "how often something must recur"
    if quantity.unit in ("家", "个", "份") and (_BIDS.match(after) or before.endswith("货比")):
        return "a rule of procurement"
    if quantity.unit == "期" and _GRADED.match(clauses.text, quantity.start):
        return "a grade of a disease"
    return None

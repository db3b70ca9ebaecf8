"""Recognise numbers that count nothing: slogans, names, levels, idioms."""

import re

from xinglin.plans.reading.clauses import Clauses
from xinglin.plans.reading.conditions import condition_reason
from xinglin.plans.reading.quantities import Quantity

# What follows 四个…, 两个… and 三项… in political and managerial catchwords.
_CATCHWORD = re.compile(
    "意识|自信|维护|确立|面向|全面|一百年|百年|代表|务必|必须|之间|阶段|到位|坚持|突出|强化|结合|注重|加强|确保|提升|服务|转变|聚焦|狠抓|"
    "延伸|统一|同步|(?:重点|目标|中心|问题)(?=[，。；、]|$)|环节|维度|层面|方面|关键|抓手|优化|融合|一流|满意|下降|不变|不减|不放松|文明|规律|导向|支撑|引领|责任|"
    "清单|建设|覆盖|中心任务|重大|根本|历史|相统一|联动|协同|最严|自我|革命|大局|优秀|一律|严禁|不准|亮|度|率|力|化|性|字|角度|积极性|想"
)
_NAMED_ITEMS = re.compile(
    "规定|准则|核心制度|制度|纪律|原则|禁令|职能|改革|机制|要求|基本|权|能力|"
    "措施|联动|服务|建设|素质|本领|功能|优势|举措|重点(?!项目|专科|学科)"
)
_NAMED_SET = re.compile("[^，。；、的“”《》]{0,12}(?:核心制度|规定|准则|禁令|纪律|原则)")
_ONE_VERB = re.compile(
    "(?:举办|召开|开展|举行|组织|承办|主办|协办|出版|编写|编印|编撰|发布|新增|制定|完成|推出|拍摄|制作|申报|撰写|发表|编制|建成|新建|成立|组建|设立|至少|各|"
    "办|不少于|不低于|每年|每季度|每月|每半年|季度|每科|每人|每家|每院|每县|每区|每市|安排|进行|会)(?:了|好|完成|至少)?$"
)
_ONE_UNITS = frozenset("场次期篇部本册项个家支套份轮所届")
_ONE_IDIOM = re.compile(
    "^(?:不少于|由|有|新|又|全|具|良|高(?!级|峰)|优(?!秀)|强|大(?!会|赛|讲|型)|专业化|素质|系列|些|样|定|致|体|般|流)"
)
_BARE_SCALE = re.compile("^[百千万亿十]?[百千万亿]$|^[百千万]")
_STRONG_BEFORE = re.compile("(?:近|超|超过|逾|约|上|达|不少于|突破|过)(?:了)?$")
_LIMITED_TIME = re.compile(
    "(?:平均|中位数|(?<![使应利启采])[用耗]时|时长|周期|住院日|时限|不少于|不超过|不低于|至少|缩短|压缩|控制在|降至|降到|累计|为(?!期)|达到?)[^，。；\\d]{0,6}$"
)
_TIMES = frozenset(("分钟", "小时", "个月", "天"))
_CALLS = re.compile("(?:接待|接听|接到|接|受理|处理|回复|办理|答复)[^，。；\\d]{0,6}(?:电话|热线)$")
_RATE = re.compile("每(?:个)?(?:年|半年|季度?|月|半月|周|学期|学年)[^，。；、\\d]{0,8}$")
_EACH_LASTS = re.compile(
    "每[期班次场轮批人名位](?:培训|课程|授课|研修|进修|学习|直播)?(?:不少于|不低于|不超过|至少)?$"
)  # 每期五天 is the size of each
_MEASURED_TIME = re.compile(
    "(?<![使应利启采])[用耗]时|时长|周期|住院日|时限|(?:时间|天数)|不少于|不超过|不低于|至少|缩短|压缩|控制在|降至|降到"
)
_VERB_HEAD = re.compile(
    "举办|办好|开办|专设|召开|开展|举行|组织|承办|主办|协办|出版|编写|编印|发布|新增|新建|制定|完成|推出|拍摄|制作|申报|撰写|发表|编制|建成|成立|组建|设立|"
    "建设|增设|建立|培训|选派|培养|遴选|派出|表彰|慰问|开设|发展|推荐|评选|签订|引进|获批|获得|吸纳|增加"
)
_MADE = re.compile("(?:举办|开展|完成|组织|开设|安排|编写|出版|编印|制作|推出|办|共|培训)(?:了|好)?$")
_LISTED = re.compile("[^一二三四五六七八九十ⅠⅡⅢⅣⅤ\\dA-Za-z]")  # 一、二、三类 lists no names
_DIVIDED = re.compile("分[为成]|划[为分]|归为")
_LAYS_DOWN = re.compile("制定|修[订改]|建立|出台|编[写制印]|印发|废止|汇编")
_LAID_DOWN = re.compile("[^，。；、]{0,6}(?:制度|机制|办法|细则|规程|流程)")
_CLASSES = frozenset(("类", "级", "讲", "节", "门", "本", "批"))
_PHASES = frozenset("一二三四五")


def decoy_reason(quantity: Quantity, clauses: Clauses) -> str | None:
    """Return why a number counts nothing, or None when it may count something."""
    text = clauses.text
    if clauses.is_named(quantity.start):
        return "inside a title or quotation marks"
    after = text[quantity.end : quantity.end + 20]
    before = text[max(0, quantity.start - 12) : quantity.start]
    if "之一" in re.split("[，。；、]", text[quantity.end : quantity.end + 12])[0]:
        return "one among several"
    if quantity.unit == "次" and before.endswith("届"):
        return "the session of a term"
    if before.endswith("每"):
        return "the base of a rate"
    condition = condition_reason(quantity, clauses, before, after)
    if condition:
        return condition
    if quantity.unit in _TIMES and _only_lasts(quantity, clauses, before, after):
        return "how long something lasts"
    if quantity.unit == "期" and re.search(r"(?:卷|\d年)第?$", before):
        return "issues of a journal"
    if re.search(r"第$|[A-Za-z]$|[〔\[]$|[ⅠⅡⅢIV]$", before):
        return "part of a name"
    if quantity.unit == "类" and re.match("学分|切口|新药|医疗器械|疫苗|手术", after):
        return "a class, not a number of classes"
    if quantity.unit == "位" and re.search("(?:由|这|那|上述|其中)$", before):
        return "people, not a count of them"
    if (
        quantity.unit == "分"
        and "学分" not in before
        and not re.search("(?:达|达到|低于|少于|得|≥|为|在|到|至|超过|评分|得分|满意度|因子|均分|成绩|总分)$", before)
    ):
        return "no score"
    if quantity.unit in ("人", "名") and re.match("一组|一队|一班", after):
        return "a distribution, not a number"
    return _chinese_decoy(quantity, clauses, before, after) if quantity.is_chinese else _arabic_decoy(quantity, before)


def _only_lasts(quantity: Quantity, clauses: Clauses, before: str, after: str) -> bool:
    """Tell how long something lasts from a time that is measured (平均进修6个月) or the size of each (每期五天)."""
    if not re.match("[，。；、（(）)]|$", after) and quantity.unit != "天":
        return True  # 24小时值班
    if _EACH_LASTS.search(before):
        return False
    if quantity.unit == "天":
        return not _MEASURED_TIME.search(clauses.text, max(0, quantity.start - 24), quantity.start)
    own = before[max(0, len(before) - (quantity.start - clauses.clause_at(quantity.start)[0])) :]
    return not _LIMITED_TIME.search(own) or own.endswith("提前")


def _arabic_decoy(quantity: Quantity, before: str) -> str | None:
    if quantity.printed[0] == "0" and quantity.printed[1:2].isdigit():
        return "a code"
    # 接待咨询电话5,600多个: calls are counted with a verb, telephone numbers are not
    called = _CALLS.search(before) and quantity.unit in ("个", "次", "通", "件", "人次")
    if not called and re.search(r"(?:电话|热线|邮编|编号|文号|房间)[：:]?[\d\-]*$", before):
        return "a telephone or room number"
    return None


def _chinese_decoy(quantity: Quantity, clauses: Clauses, before: str, after: str) -> str | None:
    text = clauses.text
    # 新组建专科分会两个: a count that follows its thing cannot be a catchword
    if re.match("[，。；、）]|$", after) and quantity.unit in _ONE_UNITS | {"批", "条", "名", "位", "人", "次", "种"}:
        start, _ = clauses.clause_at(quantity.start)
        if _VERB_HEAD.search(text, start, quantity.start) and quantity.start - start >= 4:
            return None
    number = re.match("[一二两三四五六七八九十百千万亿〇零廿]+", quantity.printed)
    digits = number[0] if number else ""
    if quantity.is_percent or (quantity.bounded and digits != "一"):
        return None
    if digits == "一":
        return _one(quantity, before, after)
    if _BARE_SCALE.match(digits) and not _STRONG_BEFORE.search(before):
        return "an idiomatic round number"
    if _counts_its_list(quantity, clauses, after):
        return None
    if _is_class_or_phase(quantity, digits, before):
        return "a class or phase"
    if digits.startswith("二") and len(digits) == 1:
        return "an ordinal"
    if len(digits) == 1 and re.match("[“‘《]", after) and quantity.unit in ("个", "项"):
        return "a slogan"
    if quantity.unit in ("个", "项", "种", "条", "位") and len(digits) <= 2:
        return _catchword(quantity, after)
    return None


def _counts_its_list(quantity: Quantity, clauses: Clauses, after: str) -> bool:
    """Tell the number of things just listed (甲、乙、丙三类场所, 修订甲、乙两项制度) from a class and a catchword."""
    start, _ = clauses.clause_at(quantity.start)
    before = clauses.text[start : quantity.start]
    listed = re.split("[、和与及]", before)
    if "、" not in before or len(listed) != quantity.value_min or not all(_LISTED.search(each) for each in listed):
        return False
    if quantity.unit == "类":
        return bool(re.match("(?!管理)[\u4e00-\u9fff]{2}", after)) and not _DIVIDED.search(listed[0])
    making = quantity.unit == "项" and bool(_LAYS_DOWN.search(listed[0]))
    return making and bool(_LAID_DOWN.match(after)) and not _NAMED_SET.match(after)


def _is_class_or_phase(quantity: Quantity, digits: str, before: str) -> bool:
    """Tell 一期 of a building and 二类 of a credit, which no verb of making precedes, from counts."""
    if quantity.unit == "期":
        return digits in _PHASES and not _MADE.search(before)
    if quantity.unit in _CLASSES and len(digits) == 1:
        return quantity.unit == "类" or not _MADE.search(before)
    return False


def _catchword(quantity: Quantity, after: str) -> str | None:
    if quantity.unit == "项" and re.match(r"(?:重点|主要)?(?:工作|任务)(?:[：，]|$)", after):
        return None
    if quantity.unit == "个" and re.match("(?:方面|重点)(?:的)?(?:重点|主要)?(?:工作|任务)", after):
        return None
    word = re.match(r"[\u4e00-\u9fff]{1,6}", after)
    if not word:
        return "a number without a thing" if quantity.unit != "项" else None
    if _NAMED_SET.match(after):
        return "a named set"
    named = _NAMED_ITEMS if quantity.unit in ("项", "种", "条") else _CATCHWORD
    found = named.match(after) if quantity.unit == "个" else named.search(word[0])
    return "a slogan or a named set" if found else None


def _one(quantity: Quantity, before: str, after: str) -> str | None:
    if quantity.unit == "次" and _RATE.search(before) and not _ONE_IDIOM.match(after):
        return None  # 每月调度一次, 每季度通报一次进展
    if quantity.unit not in _ONE_UNITS or not _ONE_VERB.search(before):
        return "an indefinite “one”"
    if _ONE_IDIOM.match(after):
        return "an indefinite “one”"
    return None

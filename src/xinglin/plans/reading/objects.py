"""Find the words for what is counted."""

import re

_VERBS = (
    "举办|召开|开展|举行|组织|完成|发布|推送|申报|撰写|投稿|新增|出版|推出|制定|编写|承办|主办|协办|建成|建立|成立|组建|"
    "设立|培养|选派|选拔|评选|表彰|慰问|接待|走访|调研|审核|受理|处理|鉴定|办理|派出|邀请|遴选|资助|立项|结题|授予|"
    "吸引|覆盖|惠及|拥有|现有|争取|力争|实现|确保|达到|计划|拟|新建|建设(?!项目|单位|工程|方案)|打造|发放|印发|编印|拍摄|制作|收到|"
    "开设|举荐|推荐(?!会|人|名单)|培训(?!班|课|项目|基地|中心|会|活动|工作|计划|教材|平台|视频|对象|场)|"
    "服务(?!站|点|队|中心|平台|项目|活动|对象|案例|包|能力|时)|发展(?!论坛|大会|研讨|规划|中心|基金|报告)|"
    "累计|合计|共计|总计|全年|年内|共|已|(?<!即)将|约(?!谈|定)|达|(?<![作行])为|使(?!用|命)|把|对(?!口|外|象|接|话|照)|向|在(?!线|职|校|岗)|从(?!业)|按|至"
)
_LAST_VERB = re.compile(_VERBS)
_TAIL = re.compile(
    r"(?:不少于|不低于|不得少于|不超过|不高于|至少|最多|低于|高于|不到|超过|突破|超|逾|近|将近|接近|大约|约为|约|已经|已|达到|达|共计|累计|合计|总计|"
    r"总数|共有|共|增加到|增至|提高到|提升到|提高至|提升至|提高|提升|增长|增加|下降|降低|降至|控制在|保持在|稳定在|扩大到|扩大至|不断|"
    r"同比|比上年|较上年|其中|分别|力争|争取|确保|实现|有|为|至|到|了|等|的|在|于|各|≥|>|≤|上|全年)+$"
)
_HEAD = re.compile(
    r"^(?:(?:20\d\d年)?(?:全年|年内|今年|本年度|本年|年度|计划|含|包括|力争|争取|确保|累计|共计|共|其中|同时|并|还|拟|将|要|进一步|继续|积极|"
    r"先后|已|每年|每季度|每月|上半年|下半年|年底前|组织|以及|和|及|与|、|在|20\d\d年))+"
)
_AFTER_STOP = re.compile(
    r"[、（(）)，。；：/|]|被|荣获|获得|获评|获|提供|参加|参与|参会|均|已|赴|走进|来自|入选|顺利|接受|报名|进行|开展|举办|通过|"
    r"完成|担任|率先|积极|之一|达到|达|以上|左右|入会|用于|组成|第[一二三四五六七八九十\d]|在(?!线|职|校|岗)"
)
_JOINT = re.compile(r"[和及与或并以]")
_POSSESSOR = re.compile(r"(?:会|委员会|项目|医院|机构|中心|基地|单位|学科|课题|专科|科室|平台|医师|会员|专家)的")
_HONOUR = re.compile(r"(?:被评为|被授予|荣获|获评|获得|获)“?([^“”，。；（、]{2,30})")
_MODIFIER = re.compile(r"^(?:以上|左右|以内)?(?:的)?")


def object_of(*, before: str, after: str, unit: str, is_percent: bool, next_quantity: int | None) -> str:
    """Return the thing counted, from the words of its clause before and after the quantity."""
    following = _following(after if next_quantity is None else after[:next_quantity], is_percent)
    if following:
        return following
    preceding = _preceding(before)
    if preceding:
        return preceding
    honour = _HONOUR.search(after)
    if honour:
        return honour[1]
    bare = _MODIFIER.sub("", after)
    return bare.strip("“”、，") or unit


def _following(after: str, is_percent: bool) -> str:
    if is_percent and not re.match("(?:以上|左右|以内)?的", after):
        return ""
    text = _MODIFIER.sub("", after)
    stop = _AFTER_STOP.search(text)
    text = text[: stop.start()] if stop else text
    owned = _POSSESSOR.search(text)
    if owned:
        text = text[: owned.end() - 1]
    text = text.rstrip("和及与并的")
    if text.count("“") != text.count("”"):
        text = text.strip("“”")
    is_word = len(text) >= 2 or (text >= "\u4e00" and text not in "等的为了地在")
    return text if is_word else ""


def _preceding(before: str) -> str:
    text = re.sub(r"[（(][^（()）]*[）)]$", "", before)
    listed = text.endswith("等")
    text = _TAIL.sub("", text)
    if listed and "、" not in text and len(text) < 12:
        return ""
    for verb in reversed(list(_LAST_VERB.finditer(text))):
        if len(text) - verb.end() >= 2:
            rest = _HEAD.sub("", text[verb.end() :])
            if len(rest) >= 2:
                return rest.lstrip("了的")
    return _HEAD.sub("", text).lstrip("了的、（(")

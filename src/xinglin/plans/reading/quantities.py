"""Find numbers with a measure word and say what they are worth."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xinglin.lib.numerals import as_number, read_numeral

# Bounded lengths keep a page of digits from costing more than a page of words.
_ARABIC = r"(?<!\d)(?:\d{1,3}(?:[,，]\d{3}){1,4}(?!\d)|\d{1,12}(?:\.\d{1,6})?)"
_NUMERALS = "一二两三四五六七八九十百千万亿〇零廿"
_CHINESE = f"[{_NUMERALS}]{{1,12}}"
_SCALE = "[十百千万亿]{1,2}(?!元)"  # 万元 and 亿元 stay whole, as measures
# Each measure word with what may not follow it, because it is then the start of another word (支部, 部门, 位于).
_UNITS: dict[str, str] = {
    "人次": "",
    "人份": "",
    "例次": "",
    "批次": "",
    "台次": "",
    "场次": "",
    "架次": "",
    "车次": "",
    "项次": "要|级|序",
    "家次": "要|级|序|中心",
    "件次": "",
    "户次": "",
    "课时": "",
    "学时": "",
    "学分": "",
    "个工作日": "",
    "个百分点": "",
    "百分点": "",
    "个学时": "",
    "个课时": "",
    "个学分": "",
    "分钟": "",
    "小时": "",
    "个小时": "",
    "个月": "",
    "吨": "位",
    "公斤": "",
    "天": "津|然|下|气|窗|使|坛|线",
    "起": "来|草|步|到|点|始|伏|色|着|居|诉",
    "亿元": "",
    "万元": "",
    "平方米": "",
    "平米": "",
    "公里": "",
    "万字": "",
    "㎡": "",
    "%": "",
    "％": "",
    "个": "月|年|小时|星期|季度|性|体(?!系)|别",
    "项": "",
    "场": "所|地|馆|景|面|外|合",
    "次": "性|数(?!据)|要|日|元|年",
    "期": "间|刊|望|待|末|初",
    "篇": "幅",
    "位": "于|置|列|居",
    "名": "称|义|录|誉|单|为",
    "人": "民|才|工|口|类|群|均|身|文|事|大|力|社|物|体|生|格|道|民币|性|心|们|员",
    "家": "庭|属|长|园(?!区)",
    "所": "有|需|在|长|属|以|得|谓|示|述",
    "支": "部|持|撑|队(?!伍)|委|行|付|出|架|原|付",
    "类": "似|别",
    "种": "植|类|族|子",
    "件": "",
    "份": "额|子",
    "部": "门|委|分|署|队|级|位|长|件",
    "本": "市|省|会|院|科(?!普)|区|土|次|级|地|职|着|质|年|届|人|部",
    "册": "子",
    "套": "餐",
    "条": "件|例|款",
    "例": "会|如|外|行|证",
    "台": "湾|州|账|式|阶|上|风",
    "张": "家|江|力",
    "间": "隔|接|断",
    "座": "谈|位|椅",
    "处": "方|理|于|置|长|级|室|罚|分|境",
    "辆": "",
    "批": "准|评|示|复",
    "门": "诊|户|类|槛|票|急",
    "节": "约|日|点|目|奏|能|假",
    "道": "路|德|理|具|口|教|地|歉|班|桥|边",
    "讲": "座|解|话|述|课|者|台|师|坛",
    "轮": "流|岗|训|值|椅",
    "组": "织|长|成|建|员|团|合",
    "队": "伍|员|长",
    "对": "口|外|接|话|比|照|象|于|应|策",
    "款": "",
    "幅": "度",
    "集": "中|团|成|体|结|聚|市",
    "户": "籍|外|口",
    "枚": "",
    "床": "",
    "笔": "试|记|者|会",
    "封": "闭|控|面",
    "元": "旦|素|宵|首|化|月",
    "倍": "增|加",
    "组次": "",
    "地": "区|方|点|市|级|址|位",
    "市": "级|直|场|民|属|域|外|内|委|卫|医|区|县",
    "县": "级|域|医|委",
    "区": "级|域|内|医|县|卫|块|委",
    "村": "级|医|民",
    "校": "区|园|长|内|外|企",
    "字": "样|号",
    "分": "会|支|院|部|类|级|中心|公司|别|钟|析|享|布|工|批|层|管|区|校|局|队|之|组|论坛|册|项|数|值",
    "成": "立|员|功|果|为|效|长|本|人|就|都|分|熟|绩|品|年|型|交|套|组|败",
}
_EACH = re.compile("每[期班次场轮批]$")
_ARABIC_ONLY = frozenset("地市县区村校组队对分节字幅集户枚床封讲天起")
_UNIT = "|".join(
    re.escape(unit) + (f"(?!{ban})" if ban else "")
    for unit, ban in sorted(_UNITS.items(), key=lambda each: -len(each[0]))
)
_RANGE = r"[-—–－~～]{1,2}|至|到"
QUANTITY = re.compile(
    rf"(?P<n1>{_ARABIC}|{_CHINESE})(?P<m1>[余多几])?(?P<s1>{_SCALE})?(?P<p1>[%％]|个(?=[-—–~至到]))?"
    rf"(?:(?P<range>{_RANGE})(?P<n2>{_ARABIC}|{_CHINESE})(?P<s2>{_SCALE})?)?"
    rf"(?P<m2>[余多]|以上|左右)?(?P<unit>{_UNIT})"
    r"(?P<post>及以上|以上|以下|以内|之内|内(?=[，。；、办完回])|左右|上下|余|多(?=[，。；]))?"
)
_FRACTION = re.compile(
    rf"(?<![{_NUMERALS}\d])(?P<base>[百千万]|十万)分之"
    rf"(?P<parts>{_CHINESE}(?:点[〇零一二三四五六七八九]{{1,3}})?|\d{{1,6}}(?:\.\d{{1,6}})?)|(?P<whole>[二三四五六七八九十]|"
    rf"\d)分之(?P<part>[一二两三四五六七八九]|\d)|"
    # half is a share only where a share is spoken of: 占一半, 半数以上; not 一半以来, 另一半
    r"(?<=[占过近约逾了足达])(?P<half>一半|半数)|(?P<half_or_more>(?:一半|半数)(?=以上|以下|左右))"
)
_FRACTION_POST = re.compile("以上|左右|以内|以下")
_BEFORE = re.compile(
    r"(?P<over>不少于|不低于|不小于|不得少于|不得低于|至少|最少|超过|超出|突破|大于|高于|多于|逾|超|≥|>|＞|(?<![通经])过)"
    r"(?:了)?$"
)
_NEAR = re.compile(
    r"(?:不超过|不足|(?<![达得想做找看收])不到|不高于|不多于|不大于|不得超过|将近|接近|(?<![最附])近|(?<![不得])(?:少于|"
    r"低于|小于)|≤|<|＜|最多)(?:了)?$"
)
_SHARE_OF = re.compile(
    r"(不少于|不低于|不小于|不得少于|不得低于|至少|超过|超出|突破|大于|高于|多于|≥|不超过|不足|不到|不高于|不多于|不大于|不得超过|接近|低于|"
    r"少于|≤)[^，。；、\d]{1,10}的$"
)
_ABOUT = re.compile(r"(?:大约|约为|(?<![签节预契公条履违])约|大概)$")
_BAD_BEFORE = frozenset("第+＋×·/〔№#.")
_TENTHS_REST = re.compile(
    "(?P<more>[一二三四五六七八九半])?(?=以上|以下|以内|左右|的|[，。；、）]|$|[\u4e00-\u9fff]{2})"
)
# 两三家, 十二三位, 六七十例, 三五百: two neighbouring digits in one place
_PAIR = re.compile(
    "(?P<head>(?:[一二两三四五六七八九]?[百千万])*(?:[一二三四五六七八九]?十)?)"
    "(?P<pair>[一二三四五六七八九两]{2})(?P<scale>[十百千万亿]*)"
)
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its measure, at a place in a passage."""

    start: int  # of the number in the passage
    end: int  # after the measure and what bounds it
    value_min: int | float | None
    value_max: int | float | None
    unit: str
    is_percent: bool
    is_chinese: bool
    about: bool
    bounded: bool
    printed: str


def quantities_in(text: str) -> Iterator[Quantity]:
    """Yield every number with a measure word, decoys included, from left to right."""
    fractions = list(_FRACTION.finditer(text))
    waiting, at = 0, 0
    while match := QUANTITY.search(text, at):
        at = match.end()
        while waiting < len(fractions) and fractions[waiting].start() < at:
            yield _fraction(text, fractions[waiting])
            at = max(at, fractions[waiting].end())
            waiting += 1
        if waiting and fractions[waiting - 1].end() > match.start():
            continue  # the digits are those of the fraction
        quantity = _quantity(text, match)
        if quantity:
            yield quantity
        else:
            at = max(match.end("n1"), match.start() + 1)
    for fraction in fractions[waiting:]:
        yield _fraction(text, fraction)


def _fraction(text: str, match: re.Match[str]) -> Quantity:
    if match["base"]:
        parts, base = read_numeral(text=match["parts"]) or 0, read_numeral(text=match["base"]) or 100
        value = as_number(round(100 * parts / base, 6))
    elif match["half"] or match["half_or_more"]:
        value = 50
    else:
        whole, part = read_numeral(text=match["whole"]) or 1, read_numeral(text=match["part"]) or 0
        value = as_number(round(100 * part / whole, 2))
    post = _FRACTION_POST.match(text, match.end())
    before = _before_a_share(text[max(0, match.start() - 24) : match.start()])
    low, high, about = _bounds(before, post[0] if post else "", value, value)
    end = post.end() if post else match.end()
    return Quantity(match.start(), end, low, high, "%", True, False, about, low != high, text[match.start() : end])


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    start = match.start()
    before = text[start - 1] if start else ""
    chinese = match["n1"][0] not in "0123456789"
    if re.search(r"第[一二三四五六七八九十\d]+、$", text[max(0, start - 6) : start]):
        return None  # 第六、七期
    open_number = before in ("数", "几") and match["n1"][0] in "十百千万亿"  # 数十, not 总数一万
    if chinese and (open_number or text[max(0, start - 3) : start].endswith("成千上")):
        return None  # 几百, 成千上万: open on purpose
    if before in _BAD_BEFORE or (before.isascii() and before.isalnum()):
        return None
    if before in ("-", "—", "–", "－", "~", "～") and start > 1 and text[start - 2].isalnum():
        return None
    if chinese and ((before and before in _DIGITS) or before in ("十", "每") or _is_word(text, match)):
        return None
    if match["p1"] == "个" and not match["range"]:
        return None
    low, high = _values(match)
    if low is None:
        return None
    unit = "%" if match["unit"] in ("%", "％", "成") else match["unit"]
    unit = unit.removeprefix("个") if unit not in ("个", "个工作日", "个月") else unit
    if match["unit"] == "成":
        return _tenths(text, match, low, high or low)
    return _bounded(text, match, (low, high or low), unit, chinese)


def _tenths(text: str, match: re.Match[str], low: int | float, high: int | float) -> Quantity | None:
    """Read 七成, 六至七成, 五成五."""
    rest = _TENTHS_REST.match(text, match.end("unit"))
    if rest is None or high > 10:
        return None
    extra = (_DIGITS.index(rest["more"]) if rest["more"] in _DIGITS else 5) if rest["more"] else 0
    values = (as_number(low * 10 + extra), as_number(high * 10 + extra))
    end = rest.end("more") if rest["more"] else match.end()
    return _bounded(text, match, values, "%", match["n1"][0] not in "0123456789", end)


def _is_word(text: str, match: re.Match[str]) -> bool:
    """Tell whether a Chinese digit and its measure rather make a word (三地, 两区) than a count."""
    if match["unit"] == "起":
        return match["n1"] == "一"
    if match["unit"] == "天" and _EACH.search(text[max(0, match.start() - 2) : match.start()]):
        return False  # 每期五天
    return match["unit"] in _ARABIC_ONLY and len(match["n1"]) == 1 and not match["m1"]


def _values(match: re.Match[str]) -> tuple[int | float | None, int | float | None]:
    printed = match["n1"]
    pair = _PAIR.fullmatch(printed)
    if pair and not match["s1"]:
        return _neighbours(pair)
    scale, second_scale = match["s1"] or "", match["s2"] or ""
    if match["range"] and not scale and second_scale and match["p1"] is None:
        scale = second_scale  # 10-20万 means 100,000 to 200,000
    low = _scaled(printed, scale)
    high = _scaled(match["n2"], second_scale) if match["range"] else low
    if low is None or high is None or high < low:
        return None, None
    return low, high


def _neighbours(pair: re.Match[str]) -> tuple[int | float | None, int | float | None]:
    """Read 六七十 as 60 to 70; 三五 is the one pair that leaves a digit out."""
    first, second = (_DIGITS.index("二" if each == "两" else each) for each in pair["pair"])
    if second != first + 1 and (first, second) != (3, 5):
        return None, None
    if pair["head"] and not pair["scale"] and not pair["head"].endswith("十"):
        return None, None  # 一百二三 says too little
    low, high = (read_numeral(text=pair["head"] + _DIGITS[digit] + pair["scale"]) for digit in (first, second))
    return low, high


def _scaled(number: str, scale: str) -> int | float | None:
    if number[0] in "0123456789":
        return read_numeral(text=number + scale)
    return read_numeral(text=number + scale) if scale else read_numeral(text=number)


def _bounded(
    text: str, match: re.Match[str], values: tuple[int | float, int | float], unit: str, chinese: bool, end: int = 0
) -> Quantity:
    # 上百, 上千, 上万 bound from below; 线上50场 does not
    rounded = "多" if match["n1"][0] in "百千万" and text[: match.start()].endswith("上") else ""
    late = _FRACTION_POST.match(text, end) if end > match.end() else None  # 八成五以上
    end = late.end() if late else max(end, match.end())
    post = rounded + (match["m1"] or "") + (match["m2"] or "") + (match["post"] or "") + (late[0] if late else "")
    before = text[max(0, match.start() - 24) : match.start()]
    low, high, about = _bounds(_before_a_share(before) if unit == "%" else before, post, values[0], values[1])
    bounded = low is None or high is None or bool(match["range"])
    return Quantity(
        start=match.start(),
        end=end,
        value_min=low,
        value_max=high,
        unit=unit,
        is_percent=unit in ("%", "百分点"),
        is_chinese=chinese,
        about=about,
        bounded=bounded,
        printed=text[match.start() : end],
    )


def _before_a_share(before: str) -> str:
    """Drop what a share is of from the words before it: 不低于总数的两成."""
    return _SHARE_OF.sub(r"\1", before)


def _bounds(
    before: str, post: str, low: int | float, high: int | float
) -> tuple[int | float | None, int | float | None, bool]:
    about = bool(_ABOUT.search(before)) or "左右" in post or "上下" in post
    if _NEAR.search(before) or post.endswith(("以内", "之内", "内", "以下")):
        return None, high, about
    if _BEFORE.search(before) or "以上" in post or "余" in post or "多" in post or "几" in post:
        return low, None, about
    return low, high, about

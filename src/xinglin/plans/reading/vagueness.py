"""Find commitments whose quantity the text leaves open."""

import re
from collections.abc import Iterator

from xinglin.plans.reading.clauses import Clauses

_MEASURE = "[场期项个家名篇部本种次位支门批件]"
_VAGUE = re.compile(
    r"若干(?!意见|规定|问题|政策|措施|决定|办法)(?:[个项场期家名篇])?"
    r"|(?<![第新十百一二三四五六七八九])一批(?!次)|一大批|大批|一系列(?!重要(?:讲话|论述|指示|批示)|决策|部署|方针|政策|法律|讲话|文件|问题)"
    r"|数[十百千万](?!字)|数(?=[场次期个家名篇项](?!据|字))|几[十百千](?=[场次期个家名篇项人])|几(?=[场次期个家项])"
    # 举办多场, 推出多个 promise; 多种形式, 多次强调, 许多 do not
    rf"|(?<=[办开展织养设造出布增建派写行成育立选取定报排请聘])多(?={_MEASURE}(?!样|元|形式|方式|渠道|途径))"
)


def vague_in(clauses: Clauses) -> Iterator[tuple[int, int, int]]:
    """Yield start and end of each clause with an indefinite quantity, and where the quantity stands."""
    last = -1
    for match in _VAGUE.finditer(clauses.text):
        if clauses.is_named(match.start()):
            continue
        start, end = clauses.clause_at(match.start())
        if start != last:
            last = start
            yield start, end, match.start()

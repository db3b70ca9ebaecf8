"""The quarterly bulletin: the standings of the quarter's last day, and who answered."""

from datetime import date

import pytest

from tests.plans.conftest import HOUSE, OFFICE, STRANGER
from xinglin.kernel.policy import NotAllowed
from xinglin.plans.actions.reporting import draft_bulletin
from xinglin.plans.actions.running import answer_supervision, send_supervision
from xinglin.plans.drafts import ReportDraft
from xinglin.plans.progress import standings
from xinglin.plans.reporting.bulletin import NotOver, bulletin_paper, compose_bulletin, end_of
from xinglin.plans.reporting.keeping import paper_from
from xinglin.plans.reporting.paper import Grid, Para
from xinglin.plans.reporting.press import pdf_of
from xinglin.plans.reporting.word import docx_of

pytestmark = pytest.mark.django_db
SECOND = date(2026, 4, 1)


def test_quarters_end_on_their_last_day():
    assert [end_of(quarter=date(2026, month, 1)) for month in (1, 4, 7, 10)] == [
        date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)]


def test_the_bulletin_shows_the_quarter_as_its_last_day_left_it(plan, year):
    bulletin = compose_bulletin(plan=plan, quarter=SECOND, on=date(2026, 7, 5))
    assert bulletin.title == "2026 年第二季度工作要点督办通报"
    values = {one.commitment.object: one.value for one in bulletin.standings}
    assert (values["学术会议"], values["师资培训班"], values["送教下基层活动"]) == (19, 6, 4)
    paper = bulletin_paper(bulletin=bulletin)
    first = next(one for one in paper.blocks if isinstance(one, Para))
    told = "按期 2 项，黄灯 2 项，红灯 1 项，未设统计口径 1 项"
    assert first.text == f"截至 2026-06-30，工作要点列入重点任务 6 项：{told}。"
    assert pdf_of(paper=paper)[:5] == b"%PDF-"
    assert docx_of(paper=paper)[:2] == b"PK"


def test_answers_to_notices_stand_in_the_bulletin(plan, year):
    day = date(2026, 7, 2)
    made = send_supervision(by=OFFICE, on=day, plan=plan, quarter=SECOND, standings=standings(plan=plan, on=day))
    answer_supervision(by=HOUSE, on=date(2026, 7, 20), supervision=made[0], reply="场地已落实")
    paper = bulletin_paper(bulletin=compose_bulletin(plan=plan, quarter=SECOND, on=date(2026, 7, 25)))
    words = next(one.text for one in paper.blocks if isinstance(one, Para) and one.text.startswith("本季发督办单"))
    whole = len(made)
    share = {1: "100", 2: "50", 3: "33.3"}[whole]
    assert words == f"本季发督办单 {whole} 件，已回复 1 件（{share}%），其中逾期回复 1 件；提请约谈 0 件。"
    grid = [one for one in paper.blocks if isinstance(one, Grid)][-1]
    assert {row[-1] for row in grid.rows} <= {"场地已落实。", "未回复"}


def test_a_quarter_that_is_not_over_has_no_bulletin(plan, year):
    with pytest.raises(NotOver):
        compose_bulletin(plan=plan, quarter=SECOND, on=date(2026, 6, 29))


def test_a_drafted_bulletin_is_kept_and_only_the_office_drafts_it(plan, year):
    with pytest.raises(NotAllowed):
        draft_bulletin(by=STRANGER, on=date(2026, 7, 5), plan=plan, quarter=2)
    draft, seal = draft_bulletin(by=OFFICE, on=date(2026, 7, 5), plan=plan, quarter=2)
    assert (draft.quarter, draft.number, draft.size) == (2, 1, seal.size)
    bulletin = compose_bulletin(plan=plan, quarter=SECOND, on=date(2026, 7, 5))
    assert paper_from(draft=ReportDraft.objects.get()) == bulletin_paper(bulletin=bulletin)

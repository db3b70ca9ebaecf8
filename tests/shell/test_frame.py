"""The frame: navigation by role, languages, panels, search and the pages of the shell."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from xinglin.kernel import jobs
from xinglin.kernel.actors import Actor
from xinglin.kernel.clock import now
from xinglin.kernel.refs import Ref
from xinglin.shell import landing, navigation, panels, search
from xinglin.shell.navigation import Entry
from xinglin.shell.search import Hit

from .conftest import ADMIN

CLERK = Actor(ref=Ref("directory.account:1"), name="闻溪", roles=frozenset({"office"}))
GUEST = Actor(ref=Ref("directory.account:2"), roles=frozenset({"member"}))


@pytest.fixture
def entries(monkeypatch):
    """An empty navigation."""
    monkeypatch.setattr(navigation, "_entries", {})
    navigation.register(Entry(section="work", label="规则", icon="book", url_name="shell:regulations", order=20))
    navigation.register(Entry(section="work", label="办公室", icon="home", url_name="shell:search", order=10,
                              when=lambda actor: actor.has("office"), count=lambda actor: 3))
    navigation.register(Entry(section="year", label="未建", icon="x", url_name="nowhere:yet"))


def test_each_actor_sees_what_is_theirs_and_no_dead_links(entries):
    [block] = navigation.blocks(actor=CLERK, path="/regulations/W3/")
    assert [(line.label, line.count, line.current) for line in block.lines] == [("办公室", 3, False), ("规则", 0, True)]
    [block] = navigation.blocks(actor=GUEST, path="/")
    assert [line.label for line in block.lines] == ["规则"]


def test_a_section_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="sections are year, work, open, system"):
        navigation.register(Entry(section="misc", label="x", icon="x", url_name="x:y"))


def test_the_language_changes_without_losing_the_page(browser_client):
    response = browser_client.post("/language/", {"language": "en", "next": "/regulations/?a=1"})
    assert response.url == "/regulations/?a=1"
    page = browser_client.get("/regulations/").content.decode()
    assert 'lang="en"' in page and "Rules and their sources" in page
    browser_client.post("/language/", {"language": "zh-hans", "next": "https://elsewhere.example/"})
    assert 'lang="zh-Hans"' in browser_client.get("/regulations/").content.decode()


@pytest.mark.django_db
def test_the_browsers_language_does_not_decide(client):
    assert 'lang="zh-Hans"' in client.get("/", headers={"Accept-Language": "en-US"}).content.decode()


def test_an_account_brings_its_language_to_another_machine(browser_client, account):
    type(account).objects.filter(pk=account.pk)
    account.language, account.theme = "en", "dark"
    account.save(update_fields=["language", "theme"])
    response = browser_client.get("/regulations/")
    assert response.cookies["django_language"].value == "en" and response.cookies["theme"].value == "dark"


def test_panels_stand_in_order_and_silent_ones_stay_away(monkeypatch, rf):
    monkeypatch.setattr(panels, "_panels", {page: [] for page in panels.PAGES})
    panels.register("home", 20, lambda request, subject: ("shell/parts/nothing.html", {}))
    panels.register("home", 10, lambda request, subject: None)
    request = rf.get("/")
    request.actor = CLERK
    assert len(panels.rendered(page="home", request=request, subject=None)) == 1
    with pytest.raises(ValueError, match="takes no panels"):
        panels.register("nowhere", 1, lambda request, subject: None)


@pytest.fixture
def finders(monkeypatch):
    """One kind that finds and one that fails."""
    monkeypatch.setattr(search, "_kinds", {})
    search.register("test.person", lambda query, actor, limit: [
        Hit(label=f"{query}{at}", url=f"/p/{at}/", sub="秘书处") for at in range(7)][:limit], label="人员")

    def failing(query, actor, limit):
        raise RuntimeError("index gone")

    search.register("test.broken", failing, label="坏的")


def test_search_lines_up_hits_by_kind_and_a_failing_kind_spoils_no_other(finders, browser_client):
    part = browser_client.get("/search/?q=闻&part=1").content.decode()
    assert part.count('role="option"') == 6 and "这一类暂时搜不了" in part and "<html" not in part
    page = browser_client.get("/search/?q=闻").content.decode()
    assert "“闻”共 7 条。" in page and 'href="/p/6/"' in page
    assert browser_client.get("/search/?q=&part=1").content.strip() == b""


@pytest.mark.django_db
def test_the_first_page_shows_figures_only_when_there_are_any(client, monkeypatch):
    monkeypatch.setattr(landing, "_sources", [])
    bare = client.get("/").content.decode()
    assert "年初写下的每一句" in bare and "<q>" not in bare
    monkeypatch.setattr(landing, "_sources", [lambda request: {
        "sentence": "举办省级学术年会不少于 30 场", "fact_number": "184,531", "fact_text": "会议已举办。",
        "summary": None}])
    told = client.get("/").content.decode()
    assert "<q>举办省级学术年会不少于 30 场</q>" in told and "第 184,531 条：会议已举办。封存之后" in told


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/regulations/", 200), ("/regulations/W3.green/", 200),
                                              ("/regulations/Z99/", 404), ("/nothing/", 404)])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_open_in_both_languages_under_the_strict_policy(client, path, status, language):
    client.cookies["django_language"] = language
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == status
    assert "style=" not in page and "onclick" not in page and "<script>" not in page
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_the_pattern_page_is_for_the_system_administrator(browser_client, source):
    assert browser_client.get("/patterns/").status_code == 403
    source.roles = ADMIN
    page = browser_client.get("/patterns/").content.decode()
    assert "空、错、慢、毁" in page and "style=" not in page


@pytest.fixture
def running(account):
    """A job of the account, half done."""
    return jobs.Job.objects.create(
        kind="test.import", owner=f"directory.account:{account.pk}", actor={}, state="running", done=50, total=100,
        message="第 50 行", queued_at=now())


def test_a_running_job_asks_again_and_a_finished_one_does_not(running, browser_client):
    page = browser_client.get(reverse("shell:job", args=[running.pk])).content.decode()
    assert 'hx-trigger="every 1s"' in page and 'width="50%"' in page and "第 50 行" in page
    jobs.Job.objects.filter(pk=running.pk).update(state="done", done=100)
    page = browser_client.get(reverse("shell:job", args=[running.pk])).content.decode()
    assert "hx-trigger" not in page and "已完成" in page


def test_a_job_is_its_owners_alone(running, browser_client):
    jobs.Job.objects.filter(pk=running.pk).update(owner="directory.account:99999")
    assert browser_client.get(reverse("shell:job", args=[running.pk])).status_code == 404
    assert browser_client.post(reverse("shell:job_cancel", args=[running.pk])).status_code == 404


def test_a_job_stops_when_asked(running, browser_client):
    browser_client.post(reverse("shell:job_cancel", args=[running.pk]), {"next": "/regulations/"})
    assert jobs.Job.objects.get(pk=running.pk).cancel_asked


def test_english_speaks_in_singular_and_plural():
    from django.template import Context, Template

    source = "{% blocktranslate count n=n %}Inbox, {{ n }} notice waiting{% plural %}Inbox, {{ n }} notices waiting" \
             "{% endblocktranslate %}"
    with override("en"):
        assert Template(source).render(Context({"n": 1})) == "Inbox, 1 notice waiting"
        assert Template(source).render(Context({"n": 2})) == "Inbox, 2 notices waiting"
    with override("zh-hans"):
        assert Template(source).render(Context({"n": 2})) == "收件箱，2 条未读"


@pytest.mark.parametrize("path", ["/", "/health/", "/regulations/", "/ledger/"])
def test_a_monitor_that_asks_for_the_head_is_answered(client, db, path):
    assert client.head(path).status_code == 200


def test_the_health_address_says_ok(client, db):
    answer = client.get("/health/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")

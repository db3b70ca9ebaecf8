"""One house and one browser for all journeys; each visit opens a window of its own."""

import pytest
from playwright.sync_api import expect

from .house import House
from .visitor import Visitor

expect.set_options(timeout=30_000)  # a busy machine is slow; what must be quick is measured where it is promised


def pytest_collection_modifyitems(items):
    """Keep the journeys on one worker, whose house they share, and mark them."""
    for item in items:
        if item.path.parent.name == "journeys":
            item.add_marker(pytest.mark.xdist_group("journeys"))
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """The small fictional year, served by real processes on a free port."""
    one = House(folder=tmp_path_factory.mktemp("house"))
    one.build()
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Let the fixture know whether the journey failed."""
    outcome = yield
    if call.when == "call":
        item.failed = outcome.get_result().failed


@pytest.fixture
def visit(chromium, house, request):
    """Open a window: `visit("wenxi", width=390, theme="dark")`; without a name, as anybody from the street."""
    opened = []

    def open_window(who="", **how):
        one = Visitor(browser=chromium, house=house, who=who, **how)
        opened.append(one)
        return one

    yield open_window
    failed = getattr(request.node, "failed", True)
    for one in opened:
        if failed:
            print(
                f"--- {one.who or 'visitor'} saw {one.page.url}\n{one.page.inner_text('body')[:3000]}\n{one.complaints}"
            )
        one.close()
    for one in opened if not failed else ():
        one.quiet()

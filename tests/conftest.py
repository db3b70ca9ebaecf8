"""Fixtures every test may use."""

import os

import pytest


def pytest_collection_modifyitems(items):
    """Where no PostgreSQL is named, tests of several connections at once say how to run them; `make test` names one."""
    if os.environ.get("XINGLIN_DATABASE", "").startswith("postgres"):
        return
    missing = pytest.mark.skip(reason="needs PostgreSQL: run `python tests/with_postgres.py pytest …`")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(missing)


@pytest.fixture(autouse=True, scope="session")
def data_folder(tmp_path_factory):
    """Keys, files and mail of the tests live in a folder of their own."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("var")
    settings.VAR, settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH = folder, folder / "files", folder / "mail"
    return folder


@pytest.fixture
def sealed():
    """Return the function that seals everything waiting, as the sealer would within a second."""
    from xinglin.kernel.ledger.sealer import seal_all

    return seal_all


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """One browser for all browser tests; where there is none the test fails naming the command that installs one."""
    from playwright.sync_api import sync_playwright

    from tests.chromium import find_chromium, launch_arguments, write_fonts

    fonts = write_fonts(folder=tmp_path_factory.mktemp("fonts"))
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the driver runs an event loop beside the tests
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=find_chromium(),
            args=launch_arguments(),
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        yield browser
        browser.close()

"""Fixtures every test may use."""

import pytest


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

"""The reader is pure Python: its tests run without the application."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def data_folder() -> None:
    """Stand in for the application's folder, which would need its settings."""

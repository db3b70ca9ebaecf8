"""What the tests of mechanics share."""

import pytest


@pytest.fixture(autouse=True)
def nobody_was_signed_out():
    """What was noted of a session's end in another test is not remembered: it was rolled back."""
    from xinglin.directory.security import endings

    endings._noted.found.clear()

"""One result of the example, solved once for all tests that read it."""

import pytest

import crosscut


@pytest.fixture(scope="session")
def result():
    return crosscut.project("example-mine", draws=60)

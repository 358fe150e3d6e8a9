"""Keys of services are read from variables, and a missing one is empty."""

from crosscut.base.environment import secret


def test_a_key_is_read_without_spaces_and_a_missing_one_is_empty(monkeypatch):
    monkeypatch.setenv("CROSSCUT_TEST_KEY", " abc \n")
    assert secret("CROSSCUT_TEST_KEY") == "abc"
    monkeypatch.delenv("CROSSCUT_TEST_KEY")
    assert secret("CROSSCUT_TEST_KEY") == ""

"""The check of the committed bundle against its source."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.paths import ROOT


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_page", ROOT / ".ci" / "check_page.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_lock_file_names_no_host_and_has_checksums(check: ModuleType) -> None:
    lock = ROOT / "page" / "package-lock.json"
    assert check.lock_problems(lock) == []
    assert "://registry" not in lock.read_text(encoding="utf-8")


def test_a_host_or_a_missing_checksum_in_the_lock_is_found(check: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    lock.write_text(json.dumps({"packages": {"": {}, "node_modules/a": {"resolved": "https://x/a.tgz"}}}))
    assert len(check.lock_problems(lock)) == 2


def test_the_check_looks_where_the_bundle_is_carried(check: ModuleType) -> None:
    assert (check.COMMITTED / "page.js").is_file()
    assert str(check.COMMITTED.relative_to(ROOT)) in (ROOT / "page" / "vite.config.ts").read_text("utf-8")


def test_every_difference_is_found(check: ModuleType, tmp_path: Path) -> None:
    built, committed = tmp_path / "built", tmp_path / "committed"
    built.mkdir()
    committed.mkdir()
    for folder, files in (
        (built, {"same": "1", "other": "1", "new": "1"}),
        (committed, {"same": "1", "other": "2", "old": "1"}),
    ):
        for name, text in files.items():
            (folder / name).write_text(text)
    assert [d.split(": ")[1] for d in check.differences(built, committed)] == [
        "missing",
        "not made by the build",
        "differs from what page/ builds",
    ]
    assert check.differences(built, built) == []


def test_without_npm_ci_fails_and_a_clone_goes_on(
    check: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check.shutil, "which", lambda _: None)
    monkeypatch.delenv("CI", raising=False)
    check.main()
    assert "not rebuilt" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit, match="npm is missing"):
        check.main()

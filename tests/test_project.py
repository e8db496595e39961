"""The repository itself: what a newcomer needs is there, and nothing of anybody's machine is."""

import json
import re
import subprocess
import tomllib
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = {
    ".py",
    ".html",
    ".txt",
    ".css",
    ".js",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".in",
    ".lock",
    ".po",
    ".svg",
    "",
}
# A folder of somebody's home, or an install that is told where to fetch from.
OF_ONE_MACHINE = re.compile(r"(?<![\w.-])/(?:home|Users)/\w|--(?:extra-)?index-" + "url[ =]")
MODULE, TEMPLATE = 250, 80  # lines


def tracked() -> list[Path]:
    """Return the files that are, or are about to be, in the repository."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, check=False, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize(
    "name",
    ["README.md", "ARCHITECTURE.md", "LICENSE", "Makefile", "requirements.lock", "requirements-dev.lock", ".ci/run"],
)
def test_is_there(name: str) -> None:
    assert (ROOT / name).stat().st_size > 0


def test_nothing_of_one_machine() -> None:
    files = [path for path in tracked() if path.suffix in TEXT and "vendor" not in path.parts]
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if OF_ONE_MACHINE.search(line)
    ]
    assert not found


def test_locks_hold_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")


def test_test_lock_repeats_the_run_lock() -> None:
    run, test = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run <= test


def test_makefile_explains_each_target() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY:(.*)$", text, re.MULTILINE)[1].split()) - {"bootstrap", "bootstrap-dev"}
    assert phony == set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))


def test_every_ignored_rule_has_its_reason() -> None:
    """A comment above or behind each group; tomllib only says that the file reads."""
    text = (ROOT / "pyproject.toml").read_text()
    assert tomllib.loads(text)["tool"]["ruff"]["lint"]["select"] == ["ALL"]
    body = re.search(r"^ignore = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)[1]
    previous = ""
    for line in body.splitlines():
        assert "#" in line or previous.lstrip().startswith("#") or "#" in previous, line
        previous = line


def test_vendored_files_are_listed() -> None:
    vendor = ROOT / "static" / "vendor"
    listed = json.loads((vendor / "MANIFEST.json").read_text())
    assert {str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file()} - {"MANIFEST.json"} == set(
        listed
    )


def test_budgets() -> None:
    """Lengths to notice, not to game: a warning in the report, never a failure."""
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in tracked()
        for lines in [path.read_bytes().count(b"\n")]
        if (path.suffix == ".py" and lines > MODULE and not {"migrations", "tests"} & set(path.parts))
        or (path.suffix == ".html" and lines > TEMPLATE)
    ]
    if long:
        warnings.warn("long files: " + "; ".join(sorted(long)), LongFile, stacklevel=1)


class LongFile(UserWarning):
    """A file that may want to be two."""

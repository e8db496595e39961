"""Compile the locks, or check that they still follow from the .in files.

    .venv/bin/python scripts/lock.py compile [--upgrade]
    .venv/bin/python scripts/lock.py check

A lock holds names, versions and hashes, and no address: which index serves the files is the business of the machine.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.in": "requirements.lock", "requirements-dev.in": "requirements-dev.lock"}
OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--python-version=3.11",
    "--custom-compile-command=make lock",
    "--quiet",
)


def compile_into(folder: Path, *extra: str) -> None:
    """Compile both locks in `folder`; what a lock there already pins stays unless `--upgrade` says otherwise."""
    uv = Path(sys.executable).with_name("uv")
    for source, lock in LOCKS.items():
        command = [uv, "pip", "compile", *OPTIONS, *extra, source, "-o", lock]
        if subprocess.run(command, check=False, cwd=folder).returncode:
            # an index behind a company's own authority: only the system's certificates know it
            subprocess.run([*command, "--system-certs"], check=True, cwd=folder)


def pins(lock: Path) -> list[str]:
    """Return the lines of a lock without hashes and comments: files may be added to a release later."""
    lines = lock.read_text().splitlines()
    return [line.removesuffix(" \\") for line in lines if re.match(r"[A-Za-z0-9]", line)]


def check() -> int:
    """Compile again in a temporary folder, starting from the locks, and compare."""
    for lock in LOCKS.values():
        text = (ROOT / lock).read_text()
        if re.search(r"://|^--", text, re.MULTILINE):
            sys.exit(f"{lock} holds an address or an option.")
        if text.count("--hash=sha256:") < len(pins(ROOT / lock)):
            sys.exit(f"{lock} lacks hashes.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in (*LOCKS, *LOCKS.values()):
            shutil.copy(ROOT / file, folder)
        compile_into(folder)
        stale = [lock for lock in LOCKS.values() if pins(folder / lock) != pins(ROOT / lock)]
    if stale:
        print(f"Out of date: {', '.join(stale)}. Type: make lock")
        return 1
    print("The locks follow from the .in files.")
    return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["compile", *extra]:
            compile_into(ROOT, *extra)
        case ["check"]:
            sys.exit(check())
        case _:
            sys.exit(__doc__)

"""Start Cocharte as a newcomer does, in a copy of the tree, look at its first page, stop it, and start it again.

    .venv/bin/python scripts/smoke.py

Fails unless `make run` alone leads to a sign-in page with its style sheet, Ctrl-C ends it and every process it started,
and a second start is quick.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
FIRST_START = 600  # seconds, with every package to install
SECOND_START = 30
STOP = 20


def copy_of_the_tree(target: Path) -> None:
    """Copy what git knows or would add: neither .venv nor data nor anything else of this folder."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listing, check=True, cwd=ROOT, capture_output=True, text=True).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(port: int) -> dict[str, str]:
    """Return this environment without what would make the copy less of a newcomer's."""
    ours = ("COCHARTE_", "DATABASE_URL", "DJANGO_", "SECRET_KEY", "VIRTUAL_ENV", "MAKE", "MFLAGS", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {"PORT": str(port)}


def start(folder: Path, port: int, patience: float) -> "subprocess.Popen[bytes]":
    """Run `make run` until it says that it is ready."""
    log = folder / "smoke.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", "run"],
            cwd=folder,
            env=environment(port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # a terminal of its own, so to speak: Ctrl-C reaches all of it and not us
        )
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        if "Ctrl-C stops it" in log.read_text():
            return process
        time.sleep(0.2)
    kill(process)
    sys.exit(f"make run ended or was not ready after {patience:.0f} s. It said:\n{log.read_text()}")


def look(port: int) -> None:
    """Check the first page and the style sheet it names."""
    address = f"http://127.0.0.1:{port}"
    with urlopen(address, timeout=20) as answer:
        page, headers = answer.read().decode(), answer.headers
    expect("csrfmiddlewaretoken" in page, f"{address} leads to a form ({answer.url})")
    expect("default-src 'none'" in headers.get("Content-Security-Policy", ""), "the pages have a strict CSP")
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page)
    expect(sheet is not None, "the page names a style sheet")
    with urlopen(address + sheet[1], timeout=20) as answer:  # noqa: S310
        expect(answer.status == 200, f"the style sheet is served ({sheet[1]})")  # noqa: PLR2004


def stop(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Press Ctrl-C; nothing that was started in the folder may be left."""
    os.killpg(process.pid, signal.SIGINT)
    process.wait(STOP)
    time.sleep(0.5)
    expect(not left_over(folder), f"Ctrl-C stops everything {left_over(folder) or ''}")


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Leave nothing behind, whatever happened: SIGTERM lets it stop its own, who are in sessions of theirs."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP)
        os.killpg(process.pid, signal.SIGKILL)


def left_over(folder: Path) -> list[str]:
    """Return the command lines of processes that work in the folder or were started from it (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            where = str((entry / "cwd").readlink())
        except OSError:
            continue
        if str(folder) in command or where.startswith(str(folder)):
            found.append(command)
    return found


def expect(condition: object, what: str) -> None:
    """Say what holds; stop at what does not."""
    print(f"  {'ok  ' if condition else 'FAIL'} {what}", flush=True)
    if not condition:
        sys.exit(1)


def main() -> None:
    """Start, look, stop, twice."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it, and pass that on
    with tempfile.TemporaryDirectory(prefix="cocharte-smoke-") as name:
        folder = Path(name).resolve()
        copy_of_the_tree(folder)
        for round_name, patience in (("first", FIRST_START), ("second", SECOND_START)):
            port, began = free_port(), time.monotonic()
            process = start(folder, port, patience)
            try:
                print(f"{round_name} start: {time.monotonic() - began:.1f} s")
                look(port)
                stop(process, folder)
            finally:
                kill(process)


if __name__ == "__main__":
    main()

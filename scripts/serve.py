"""`make run`: bring the database up to date, load the demo into an empty one, serve, and stop everything on Ctrl-C.

The environment says where: BIND (127.0.0.1), PORT (8000), DATABASE_URL (var/db.sqlite3), WEB_THREADS (4).
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LAST_PORT = 65_535
PATIENCE = 60  # seconds for the server to answer for the first time
GRACE = 10  # seconds for a process to stop by itself


def main() -> int:
    """Prepare, announce, serve."""
    bind, port = os.environ.get("BIND", "127.0.0.1"), _port(os.environ.get("PORT", "8000"))
    address = f"http://{_shown(bind)}:{port}"
    _refuse_if_busy(bind, port)
    os.environ.setdefault("COCHARTE_ENV", "demo")
    os.environ.setdefault("SITE_ADDRESS", address)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "charter_project.settings")
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    _let_signals_interrupt()
    _prepare()
    processes: list[subprocess.Popen[bytes]] = []
    try:
        # Each in a session of its own: Ctrl-C reaches this process only, which stops them in order. A server that
        # gets the signal twice, from the terminal and from here, may forget its own workers (1 time in 10).
        for command in _commands(bind, port):
            processes.append(subprocess.Popen(command, start_new_session=True))  # noqa: PERF401 (each as it starts)
        if _answers(bind, port, processes):
            _announce(address, bind)
        while all(process.poll() is None for process in processes):
            time.sleep(0.2)
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
        return 0
    finally:
        _stop(processes)
    return 1  # a process ended by itself; it has said why


def _commands(bind: str, port: int) -> list[list[str]]:
    """What runs as long as Cocharte does."""
    threads = os.environ.get("WEB_THREADS", "4")
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", bind, "--port", str(port)]
    web += ["--blocking-threads", threads, "--log-level", "warning", "charter_project.wsgi:application"]
    return [web]


def _prepare() -> None:
    """Run the management commands in this process: one start of Django instead of four."""
    import django  # noqa: PLC0415 (the settings are chosen first)
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    print("Preparing the database …", flush=True)
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_demo", if_empty=True)
    _collect_static()
    connections.close_all()


def _collect_static() -> None:
    """Collect what the pages load, unless nothing changed since the last time."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    stamp = Path(settings.STATIC_ROOT) / ".collected"
    seen = hashlib.sha256((ROOT / "requirements.lock").read_bytes())  # the admin's files come with Django
    for path in sorted((ROOT / "static").rglob("*")):
        seen.update(f"{path}{path.stat().st_size}{path.stat().st_mtime_ns}".encode())
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    print("Collecting style sheets, scripts and fonts …", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(seen.hexdigest())


def _announce(address: str, bind: str) -> None:
    """Say where it is and who can sign in."""
    from django.core.management import call_command  # noqa: PLC0415

    print(f"\nCocharte is ready: {address}\n", flush=True)
    call_command("demo_accounts")
    if bind not in LOOPBACK:
        print("\nOther machines can reach this address, and the passwords above are known to everyone.")
    print("\nCtrl-C stops it.", flush=True)


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= LAST_PORT:
        return int(text)
    sys.exit(f"PORT is {text!r}; it must be a number from 1 to {LAST_PORT}.")


def _shown(bind: str) -> str:
    """Return the host to type in a browser."""
    if bind in {"0.0.0.0", "::"}:  # noqa: S104 (compared, not bound)
        return "127.0.0.1"
    return f"[{bind}]" if ":" in bind else bind


def _refuse_if_busy(bind: str, port: int) -> None:
    """Stop with a clear message. The server itself would share the port with another one without a word."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            probe.listen()
    except OSError as error:
        sys.exit(f"Cannot listen on {bind}:{port} ({error.strerror}). Choose another: make run PORT={port + 1}")


def _answers(bind: str, port: int, processes: "list[subprocess.Popen[bytes]]") -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and all(process.poll() is None for process in processes):
        try:
            socket.create_connection((_shown(bind).strip("[]"), port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _let_signals_interrupt() -> None:
    """Let SIGTERM and a closed terminal stop it like Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def _stop(processes: "list[subprocess.Popen[bytes]]") -> None:
    """Ask each process to stop, then make it, and whatever it started."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for process in processes:
        process.terminate()
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)

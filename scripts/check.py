"""Run the stages of `make test`, stop at the first that fails and name it, and print how long each took.

    .venv/bin/python scripts/check.py                     every stage
    .venv/bin/python scripts/check.py lint types          these
    .venv/bin/python scripts/check.py sqlite -- -k vote   what follows -- goes to pytest

`make test` and its relatives call it; nothing else knows what the stages are.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
WORKERS = os.environ.get("TEST_WORKERS", "2")

Command = list[str]


def templates() -> list[str]:
    """Every template: djade takes files, not folders."""
    return [str(path) for path in sorted((ROOT / "templates").rglob("*")) if path.suffix in {".html", ".txt"}]


def tool(name: str, *arguments: str) -> Command:
    """Call a program of .venv."""
    return [str(BIN / name), *arguments]


def pytest(*arguments: str) -> Command:
    """Call the suite; the slowest tests are named, because the whole of CI has a time limit."""
    workers = [] if {"-n", "--pdb"} & set(arguments) else ["-n", WORKERS, "--dist", "worksteal"]
    return [PYTHON, "-m", "pytest", *workers, "--durations=10", "--durations-min=2", *arguments]


def stages(extra: list[str]) -> dict[str, list[Command]]:
    """Name → commands, in the order in which a mistake is cheapest to find."""
    manage = [PYTHON, "manage.py"]
    return {
        "lint": [
            tool("ruff", "check", "--quiet"),
            tool("ruff", "format", "--check", "--quiet"),
            tool("djade", "--check", "--target-version", "5.2", *templates()),
        ],
        "types": [tool("mypy")],
        "layers": [tool("lint-imports")],
        "migrations": [[*manage, "makemigrations", "--check", "--dry-run"]],
        "messages": [[PYTHON, "scripts/messages.py", "check"]],
        "sqlite": [pytest(*extra)],
        "postgres": [[PYTHON, "scripts/with_postgres.py", "--", *pytest(*extra)]],
    }


def environment() -> dict[str, str]:
    """Tests choose their database themselves: what this shell says of one must not reach them."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    return kept | {"COCHARTE_ENV": "test", "PYTHONDONTWRITEBYTECODE": "1"}


def run(names: list[str], extra: list[str]) -> int:
    """Run the stages, then print the times."""
    known, times, failed = stages(extra), {}, ""
    if unknown := set(names) - set(known):
        sys.exit(f"No such stage: {', '.join(sorted(unknown))}. They are: {', '.join(known)}")
    for name in names or known:
        print(f"\n── {name} " + "─" * (76 - len(name)), flush=True)
        start = time.monotonic()
        for command in known[name]:
            if subprocess.run(command, check=False, cwd=ROOT, env=environment()).returncode:
                failed = name
                break
        times[name] = time.monotonic() - start
        if failed:
            break
    print("\n── time " + "─" * 72)
    for name, seconds in times.items():
        print(f"  {name:<12}{seconds:7.1f} s  {'FAILED' if name == failed else 'ok'}")
    print(f"  {'total':<12}{sum(times.values()):7.1f} s")
    if failed:
        print(f"\nStopped at the stage « {failed} », which failed.")
    return 1 if failed else 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    sys.exit(run(arguments[:cut], arguments[cut + 1 :]))

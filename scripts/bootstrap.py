"""Make this machine ready: `.venv` from the hashed lock, and the native programs that the system's packages bring.

    python3 scripts/bootstrap.py run     what Cocharte needs to run
    python3 scripts/bootstrap.py test    and what the checks need besides

Standard library only, and old syntax on purpose: it is what says « this Python is too old ». A second call takes a
fraction of a second: what was installed is remembered by the hash of its lock.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import chromium

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".installed"
APT_LOG = ROOT / "var" / "apt.log"
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
MINIMUM = (3, 11)
RETRY_APT_AFTER = 24 * 3600  # seconds: a machine without network must not wait for apt at each start


def say(text):
    """Print at once, also into a pipe."""
    print(text, flush=True)


def stop(text):
    """Say what is wrong and leave."""
    say("\n" + text + "\n")
    sys.exit(1)


def runs(*command):
    """Tell whether a command succeeds; nobody reads what it says."""
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


# ── Python ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def find_python():
    """Continue under a Python that is new enough, or say so."""
    if sys.version_info >= MINIMUM:
        return
    for name in ("python3.13", "python3.12", "python3.11", "python3.14"):
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606 (no shell is wanted)
    stop(
        "Cocharte needs Python {}.{} or newer; this is Python {}.{} ({}).\n"
        "Install a newer one, then name it: make {} PYTHON=/path/to/python3".format(
            *MINIMUM, *sys.version_info[:2], sys.executable, sys.argv[1]
        )
    )


def venv_works():
    """Tell whether .venv has a Python that starts and is new enough (it breaks when the system's Python goes)."""
    return PYTHON.exists() and runs(str(PYTHON), "-c", f"import sys; sys.exit(sys.version_info < {MINIMUM!r})")


def make_venv():
    """Create .venv; Debian ships Python without the part that does it."""
    if venv_works():
        return
    shutil.rmtree(str(VENV), ignore_errors=True)
    version = "{}.{}".format(*sys.version_info[:2])
    if not has_ensurepip() and not apt_install([f"python{version}-venv"], "Python's venv"):
        stop("Python cannot make virtual environments here. " + apt_line([f"python{version}-venv"]))
    say(f"Making .venv with Python {version} …")
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode == 0
    if not made:
        shutil.rmtree(str(VENV), ignore_errors=True)
        stop("Making .venv failed; the reason is above.")


def has_ensurepip():
    """Ask a fresh process: the answer changes when apt has just installed it."""
    return runs(sys.executable, "-c", "import ensurepip")


# ── Python packages ───────────────────────────────────────────────────────────────────────────────────────────────────
def digest(lock):
    """Hash one lock."""
    return lock + " " + hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def install(purpose):
    """Install the lock unless it is in place. The test lock holds the run lock, so it stands for both."""
    wanted = digest(LOCKS[purpose])
    present = STAMP.read_text().split("\n") if STAMP.exists() else []
    if wanted in present:
        return
    say(f"Installing the packages of {LOCKS[purpose]} (a minute or two the first time) …")
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
    environment = dict(os.environ, PIP_USER="0")  # a configured --user would refuse a virtual environment
    if subprocess.run([*command, "-r", str(ROOT / LOCKS[purpose])], check=False, env=environment).returncode:
        stop("Installing the packages failed; pip's reason is above.")
    STAMP.write_text("\n".join(digest(LOCKS[name]) for name in (["run", "test"] if purpose == "test" else ["run"])))


# ── Native programs and libraries ─────────────────────────────────────────────────────────────────────────────────────
def loads(*names):
    """Tell whether one of these shared libraries is there."""
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def has_pango():
    """WeasyPrint lays text out with Pango; the names are those of Linux, then macOS."""
    return (
        loads("libpango-1.0.so.0", "libpango-1.0.dylib", "/opt/homebrew/lib/libpango-1.0.dylib")
        and loads("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "/opt/homebrew/lib/libpangoft2-1.0.dylib")
        and loads("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib", "/opt/homebrew/lib/libharfbuzz-subset.dylib")
    )


def has_poppler():
    """Tell whether pdfsig, pdffonts and pdftoppm are there."""
    return all(shutil.which(name) for name in ("pdfsig", "pdffonts", "pdftoppm"))


def has_qpdf():
    """Tell whether qpdf is there, which judges the structure of a PDF."""
    return bool(shutil.which("qpdf"))


def has_libatomic():
    """Playwright's own Node needs it."""
    return sys.platform != "linux" or loads("libatomic.so.1")


# what for, is it there, Debian packages, what happens without it
NEEDS = {
    "run": [
        (
            "WeasyPrint's libraries",
            has_pango,
            ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"],
            "Without them PDF is off; everything else works, and the print page replaces it.",
        ),
    ],
    "test": [
        ("Chromium", chromium.find, ["chromium"], "Without it the browser tests are skipped."),
        ("Poppler's PDF programs", has_poppler, ["poppler-utils"], "Without them some PDF tests are skipped."),
        ("qpdf", has_qpdf, ["qpdf"], "Without it some PDF tests are skipped."),
        ("libatomic", has_libatomic, ["libatomic1"], "Without it the browser tests are skipped."),
    ],
}


def native(purpose):
    """Install what is missing where that is allowed; say the line to type otherwise, and go on."""
    needs = NEEDS["run"] + (NEEDS["test"] if purpose == "test" else [])
    missing = [need for need in needs if not need[1]()]
    if not missing:
        return
    packages = [package for need in missing for package in need[2]]
    if apt_install(packages, ", ".join(need[0] for need in missing)):
        missing = [need for need in missing if not need[1]()]
    for name, _, names, otherwise in missing:
        say(f"\n  {name} missing. {otherwise}\n  {apt_line(names)}\n")


def apt_line(packages):
    """Write the one line to type."""
    if shutil.which("apt-get"):
        return "Type: sudo apt-get update && sudo apt-get install -y " + " ".join(packages)
    return "Install with your system's packages what Debian calls: " + " ".join(packages)


def apt_prefix():
    """Return what comes before apt-get: nothing as root, sudo without a password, or None when neither is there."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and runs("sudo", "-n", "true"):
        return ["sudo", "-n"]
    return None


def apt_install(packages, what):
    """Install Debian packages if this person may; tell whether it worked. Its output is in var/apt.log."""
    prefix = apt_prefix()
    recent = APT_LOG.exists() and time.time() - APT_LOG.stat().st_mtime < RETRY_APT_AFTER
    if prefix is None or (recent and os.environ.get("CI") != "true"):
        return False
    say(f"Installing {what} with apt …")
    APT_LOG.parent.mkdir(exist_ok=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    with APT_LOG.open("w") as log:
        for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            done = subprocess.run([*apt, *step], check=False, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    if done.returncode:
        say(f"apt did not manage it (see {APT_LOG.relative_to(ROOT)}).")
        return False
    APT_LOG.unlink()
    return True


def main():
    """Do what the argument says."""
    purpose = "".join(sys.argv[1:])
    if purpose not in LOCKS:
        stop("Usage: python3 scripts/bootstrap.py run|test")
    find_python()
    make_venv()
    install(purpose)
    native(purpose)


if __name__ == "__main__":
    main()

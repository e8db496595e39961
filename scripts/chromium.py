"""The system's Chromium: which program it is, and how tests and pictures start it.

Imported by bootstrap.py too, hence plain old syntax.
"""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Nothing leaves the machine: no service of the browser's own, and no name resolves but this machine's.
FLAGS = (
    "--no-sandbox",  # containers and root have none; the pages are ours
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


def find():
    """Return the path of a Chromium that starts, or None (Ubuntu's package is only a pointer to a snap)."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        program = shutil.which(name) if name else None
        if program and subprocess.run([program, "--version"], check=False, capture_output=True).returncode == 0:
            return program
    return None

"""Check static/vendor against its manifest: every file is listed, and is byte for byte what was taken from its release.

    .venv/bin/python scripts/check_vendor.py

MANIFEST.json maps a path below static/vendor to {"sha256": …} and whatever else is worth telling (version, licence,
source), or to the hash alone.
"""

import hashlib
import json
import sys
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


def main() -> int:
    """Print every difference."""
    manifest = json.loads((VENDOR / "MANIFEST.json").read_text())
    listed = {name: entry if isinstance(entry, str) else entry["sha256"] for name, entry in manifest.items()}
    present = {str(path.relative_to(VENDOR)): path for path in sorted(VENDOR.rglob("*")) if path.is_file()}
    del present["MANIFEST.json"]
    problems = [f"not listed in MANIFEST.json: {name}" for name in present if name not in listed]
    for name, expected in listed.items():
        if name not in present:
            problems.append(f"listed, but not there: {name}")
        elif hashlib.sha256(present[name].read_bytes()).hexdigest() != expected:
            problems.append(f"changed: {name}")
    for problem in problems:
        print(f"static/vendor: {problem}")
    if not problems:
        print(f"static/vendor: {len(listed)} files are as their releases made them.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

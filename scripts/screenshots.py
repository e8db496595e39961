"""Take the pictures of docs/screenshots: every main page, phone and desktop, light and dark, and each page of the PDF.

    .venv/bin/python scripts/screenshots.py [name …]

Runs a demonstration of its own (database in a temporary folder, a free port of 127.0.0.1); names keep only those pages.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts import chromium  # noqa: E402 (needs the path)

TARGET = ROOT / "docs" / "screenshots"
PASSWORD = "charte-ensemble-2026"  # noqa: S105 (the demonstration's, printed at its start)
ADMIN, DRAFTER, EMPLOYEE = "camille.besnard", "idris.le.goff", "elodie.marchetti"
WIDTHS = {"desktop": (1280, 1000), "phone": (390, 844)}
HEIGHT_MAX = 1700  # enough to judge a page by; a whole charter would be twenty screens long

# (name, who, address); the second list is taken once the vote is open
PAGES = [
    ("sign-in", None, "/account/login/"),
    ("home", ADMIN, "/"),
    ("home-employee", EMPLOYEE, "/"),
    ("reading", EMPLOYEE, "/charters/1/#@clause:U4"),
    ("threads", EMPLOYEE, "/charters/1/clauses/@clause-id:U4/threads/"),
    ("working-text", DRAFTER, "/charters/1/text/"),
    ("clause-editor", DRAFTER, "/clauses/@clause-id:U4/"),
    ("clause-history", DRAFTER, "/clauses/@clause-id:U4/history/"),
    ("submit", DRAFTER, "/consultations/2/revisions/"),
    ("consultation", ADMIN, "/consultations/2/"),
    ("comparison", EMPLOYEE, "/revisions/@last-revision/comparison/"),
    ("results", EMPLOYEE, "/polls/1/"),
    ("editions", EMPLOYEE, "/charters/1/editions/"),
    ("edition", EMPLOYEE, "/editions/1/"),
    ("members", ADMIN, "/charters/1/members/"),
    ("journal", ADMIN, "/charters/1/journal/"),
    ("rights", EMPLOYEE, "/charters/1/rights/"),
    ("not-found", EMPLOYEE, "/charters/999/"),
]
WHILE_VOTING = [
    ("open-vote", ADMIN, "/consultations/2/polls/"),
    ("ballot", EMPLOYEE, "/polls/6/"),
    ("adoption", ADMIN, "/consultations/2/edition/"),
    ("plan", DRAFTER, "/charters/1/consultations/new/"),
]
TO_REVISING = "c.end_comments(consultation=o, by=a)"
TO_VOTING = "p.open_polls(consultation=o, by=a)"
TO_CONCLUDED = "[p.cancel_poll(poll=x, by=a, reason='Calendrier revu') for x in o.polls.all()]; c.conclude_consultation(consultation=o, by=a, reason='Calendrier revu')"


def main() -> int:
    """Take them."""
    wanted = set(sys.argv[1:])
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder)) as (base, env), sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        take(browser, base, [page for page in PAGES if not wanted or page[0] in wanted])
        for name, script in (
            ("open-vote", TO_REVISING),
            ("ballot", TO_VOTING),
            ("adoption", TO_CONCLUDED),
            ("plan", "pass"),
        ):
            advance(script, env)
            take(browser, base, [page for page in WHILE_VOTING if page[0] == name and (not wanted or name in wanted)])
        if not wanted or "edition-page" in wanted:
            pdf(browser, base, Path(folder))
        browser.close()
    return 0


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A demonstration on a free port; its address and environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "COCHARTE_ENV": "demo", "COCHARTE_VAR": str(folder)}
    env["DJANGO_SETTINGS_MODULE"] = "charter_project.settings"
    for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--noinput"], ["load_demo"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
    serve = [sys.executable, "manage.py", "runserver", "--noreload", "--insecure", f"127.0.0.1:{port}"]
    with subprocess.Popen(serve, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            base = f"http://127.0.0.1:{port}"
            wait(f"{base}/account/login/")
            yield base, env
        finally:
            server.terminate()


def wait(address: str) -> None:
    """Until the server answers, a minute at most."""
    for _attempt in range(120):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (our own server)
        except OSError:
            time.sleep(0.5)
        else:
            return
    msg = f"{address} does not answer"
    raise SystemExit(msg)


def advance(script: str, env: dict[str, str]) -> None:
    """Move the demonstration's consultation on, by the product's own acts."""
    code = (
        "from charters.actions import consultations as c, polls as p; from charters.models import Consultation, Person; "
        f"o = Consultation.objects.get(number=2); a = Person.objects.get(email='{ADMIN}@orvane.example'); {script}"
    )
    subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", code], cwd=ROOT, env=env, check=True)


def take(browser: Browser, base: str, pages: list[tuple[str, str | None, str]]) -> None:
    """Each page as its person sees it, in both widths and both lights."""
    for who in dict.fromkeys(person for _name, person, _address in pages):
        state = sign_in(browser, base, who)
        for device, (width, height) in WIDTHS.items():
            for light in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=light,
                    locale="fr-FR",
                    storage_state=state,
                    reduced_motion="reduce",
                )
                page = context.new_page()
                for name, person, address in pages:
                    if person == who:
                        shoot(page, base, address, TARGET / f"{name}-{device}-{light}.png")
                context.close()


def sign_in(browser: Browser, base: str, who: str | None) -> dict | None:
    """The cookies of a signed-in person; None for nobody."""
    if who is None:
        return None
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(f"{base}/account/login/")
    page.locator(".signin__password summary").click()
    page.fill("#id_login", f"{who}@orvane.example")
    page.fill("#id_password", PASSWORD)
    page.locator(".signin__password button[type=submit]").click()
    page.wait_for_url(f"{base}/")
    state = context.storage_state()
    context.close()
    return state


def shoot(page: Page, base: str, address: str, path: Path) -> None:
    """One picture: the whole page, or its first screens from the anchor on."""
    page.goto(base + resolve(page, base, address))
    page.wait_for_load_state("networkidle")
    width = page.viewport_size["width"]
    if "#" in address:
        page.screenshot(path=path)
        return lighten(path)
    height = min(HEIGHT_MAX, page.evaluate("document.documentElement.scrollHeight"))
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    return lighten(path)


def lighten(path: Path) -> None:
    """A third of the size, no difference to the eye: 256 colours are plenty for text on paper."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def resolve(page: Page, base: str, address: str) -> str:
    """Fill in `@clause-id:U4`, `@clause:U4` and `@last-revision` from the reading page."""
    if "@" not in address:
        return address
    page.goto(f"{base}/charters/1/")
    if "@last-revision" in address:
        found = page.locator("a[href*='/comparison/']").first.get_attribute("href")
        return found or address
    number = address.split(":")[1].split("/", maxsplit=1)[0]
    link = page.locator("a.clause__number", has_text=number).first.get_attribute("href") or "#"
    anchor = link.split("#")[1]
    return address.replace(f"@clause-id:{number}", anchor.rsplit("-", 1)[-1]).replace(f"@clause:{number}", anchor)


def pdf(browser: Browser, base: str, folder: Path) -> None:
    """Each page of the sealed edition, by pdftoppm."""
    state = sign_in(browser, base, EMPLOYEE)
    context = browser.new_context(storage_state=state)
    path = folder / "edition.pdf"
    path.write_bytes(context.request.get(f"{base}/editions/1/file/").body())
    context.close()
    program = shutil.which("pdftoppm")
    if program is None:
        print("pdftoppm is not here: no picture of the PDF")
        return
    for old in TARGET.glob("edition-page-*.png"):
        old.unlink()
    subprocess.run([program, "-r", "60", "-png", str(path), str(folder / "edition-page")], check=True)
    for picture in folder.glob("edition-page-*.png"):
        number = int(picture.stem.rsplit("-", 1)[-1])
        lighten(Path(shutil.copy(picture, TARGET / f"edition-page-{number}.png")))


if __name__ == "__main__":
    raise SystemExit(main())

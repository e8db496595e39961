"""A person at a browser: signs in, goes somewhere, fills in, presses; every page they see is looked at by axe."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import BrowserContext, Page, Response

SERIOUS = {"serious", "critical"}


class Actor:
    """One person in a browser context of their own. `javascript` off: the pages must do all the same."""

    def __init__(self, name: str, context: BrowserContext, *, javascript: bool) -> None:
        self.name, self.context, self.javascript = name, context, javascript
        self.page: Page = context.new_page()

    def sign_in_by_code(self, email: str) -> None:
        """Ask for a code, read the e-mail, type it."""
        mail.outbox.clear()
        self.go("/account/login/")
        self.page.fill("#code-email", email)
        self.press(".signin form[action*='code'] button")
        (message,) = mail.outbox
        code = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]{3,})*)\s*$", message.body, re.MULTILINE)
        assert code, message.body
        self.page.fill("#id_code", code.group(1))
        self.press("main form[action*='code'] button[type=submit]")
        assert self.path == "/", self.page.url

    def sign_in_by_password(self, email: str, password: str) -> None:
        """Open the folded form, type both."""
        self.go("/account/login/")
        self.page.locator(".signin__password summary").click()
        self.page.fill("#id_login", email)
        self.page.fill("#id_password", password)
        self.press(".signin__password button[type=submit]")
        assert self.path == "/", self.page.url

    @property
    def path(self) -> str:
        """Where the browser is, without the host and the anchor."""
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def go(self, path: str, status: int = 200) -> Response:
        """Open an address and expect a status."""
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{self.name} at {path}: {response.status}"
        self.look()
        return response

    def press(self, selector: str) -> None:
        """Press a button or link that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look()

    def fetch(self, path: str, data: dict[str, str] | None = None) -> int:
        """Send a form that no page offers, with a valid token; the status of the answer."""
        cookies = {cookie["name"]: cookie["value"] for cookie in self.context.cookies()}
        token = cookies.get("csrftoken", "")
        headers = {"X-CSRFToken": token, "Referer": self.page.url}
        answer = self.context.request.post(path, form=data or {}, headers=headers, max_redirects=0)
        return answer.status

    def look(self) -> None:
        """Axe finds nothing serious or critical here (it needs JavaScript in the page)."""
        if not self.javascript:
            return
        found = [v for v in Axe().run(self.page).response["violations"] if v["impact"] in SERIOUS]
        told = [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"][:3]]
        assert not told, f"{self.page.url}\n" + "\n".join(told)

    def download(self, selector: str, path: Path) -> Path:
        """Press a link that gives a file."""
        with self.page.expect_download() as waiting:
            self.page.locator(selector).first.click()
        waiting.value.save_as(path)
        return path

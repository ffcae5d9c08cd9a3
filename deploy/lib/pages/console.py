"""What an operator looks at in the console, as a browser sees it."""

import json

from harness.api import API
from harness.waiting import wait_until

from .browser import DESK, PHONE, Browser

FAILING = "SA-0000"


class Console:
    """The checks of the console; each is a method that raises AssertionError."""

    def __init__(self, system, link, pictures):
        self.system, self.link, self.pictures = system, link, pictures

    def run(self):
        with Browser() as olu:
            olu.sign_in(self.link)
            for check in (
                    self.shows_the_audits_numbers, self.moves_by_itself, self.finds_a_request_by_the_partners_id,
                    self.says_who_did_what, self.shows_every_page_well):
                print(f"   {check.__name__.replace('_', ' ')}", flush=True)
                check(olu)

    def figure(self, browser, name):
        return int(browser.find(f"[data-value='{name}']").text.replace(",", ""))

    def shows_the_audits_numbers(self, olu):
        olu.open(f"{self.system.admin_url}/console")
        _, text = self.system.intake["ingest-service"].get("/admin/conservation")
        total = json.loads(text)["total"]
        for name in ("accepted", "told", "pending", "review", "dead"):
            assert self.figure(olu, name) == total[name], f"{name} is not {total[name]}"

    def moves_by_itself(self, olu):
        before = self.figure(olu, "accepted")
        api = API(self.system.intake.port)
        body = {"providerRequestId": FAILING, "name": "A. Late", "address": "901 Bagby St", "city": "Houston",
                "state": "TX", "zip": "77002", "phone": "713-555-0101", "email": "late@example.org", "status": "new"}
        assert api.call("POST", "/api/requests", json.dumps(body))[0] == 202
        wait_until(lambda: self.figure(olu, "accepted") == before + 1, 20, "the page counts one more by itself")
        assert olu.find("[data-live-state]").text == "Live"
        olu.picture(self.pictures / "flow.png")

    def finds_a_request_by_the_partners_id(self, olu):
        olu.open(f"{self.system.admin_url}/console/requests")
        olu.write("#q", FAILING)
        olu.press("Find")
        assert FAILING in olu.text and "What happened" in olu.text
        assert "A. Late" not in olu.text and "Bagby" not in olu.text

    def says_who_did_what(self, olu):
        olu.open(f"{self.system.admin_url}/console/audit")
        assert "ada@chapter.example" in olu.text and "took a step" in olu.text and "decided a review" in olu.text

    def shows_every_page_well(self, olu):
        """No page breaks a rule of accessibility, is wider than its screen, or loads what it may not."""
        cookies = olu.driver.get_cookies()
        paths = ["", "/failed", "/requests", f"/requests?q={FAILING}", "/requests?q=nothing", "/audit", "/nothing"]
        for size, name in ((DESK, "desk"), (PHONE, "phone")):
            for is_dark in (False, True):
                shade = "dark" if is_dark else "light"
                with Browser(size, is_dark) as browser:
                    browser.open(f"{self.system.admin_url}/console/sign-in")
                    assert not browser.problems(), browser.problems()
                    for cookie in cookies:
                        browser.driver.add_cookie(cookie)
                    for number, path in enumerate(paths):
                        browser.open(f"{self.system.admin_url}/console{path}")
                        problems = browser.problems()
                        assert not problems, f"/console{path}, {name}, {shade}: {problems}"
                        browser.picture(self.pictures / f"console-{number}-{name}-{shade}.png")

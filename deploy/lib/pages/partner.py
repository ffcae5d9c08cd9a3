"""What a partner does on its page, as a browser sees it."""

import json

from harness.api import API, TOKEN
from harness.waiting import wait_until

from .browser import DESK, PHONE, Browser

BODY = {"name": "A. Waiting", "address": "901 Bagby St", "city": "Houston", "state": "TX", "zip": "77002",
        "phone": "713-555-0101", "email": "waiting@example.org", "status": "new", "unit": "Unit 4", "language": "es"}


class Partner:
    """The checks of the partner's page; each is a method that raises AssertionError."""

    def __init__(self, system, pictures):
        self.system, self.pictures = system, pictures
        self.ids = {}

    def run(self):
        with Browser() as pat:
            for check in (
                    self.signs_in_with_its_token, self.finds_why_a_callback_failed,
                    self.mends_it_and_is_told_again_since_a_time, self.corrects_whom_to_reach, self.withdraws_one,
                    self.tests_its_endpoint, self.changes_the_signing_secret,
                    self.shows_every_page_well):
                print(f"   {check.__name__.replace('_', ' ')}", flush=True)
                check(pat)

    def send(self, *names):
        api = API(self.system.intake.port)
        for name in names:
            status, job, _ = api.call("POST", "/api/requests", json.dumps(dict(BODY, providerRequestId=name)))
            assert status == 202
            self.ids[name] = job.rpartition("/")[2]
        return api

    def fail(self, *names):
        """Sends requests whose callbacks the partner refuses for good."""
        self.system.partner.refused.update(names)
        api = self.send(*names)
        for name in names:
            job = f"/api/jobs/{self.ids[name]}"
            wait_until(lambda place=job: api.call("GET", place)[0] == 400, 30, f"{name} has failed")

    def signs_in_with_its_token(self, pat):
        pat.open(f"{self.system.url}/partner")
        pat.write("#token", "nobody's")
        pat.press("Sign in")
        assert "This token is not known" in pat.text
        pat.press("Try again")
        pat.write("#token", TOKEN)
        pat.press("Sign in")
        assert "Callbacks" in pat.text and "smokealarm-portal" in pat.text

    def finds_why_a_callback_failed(self, pat):
        self.fail("PARTNER-0", "PARTNER-1", "PARTNER-2")
        pat.open(f"{self.system.url}/partner")
        assert "PARTNER-1" in pat.text and "410" in pat.text
        pat.picture(self.pictures / "partner.png")
        pat.write("#q", "PARTNER-1")
        pat.press("Find")
        assert "Could not be told" in pat.text and "HTTP 410" in pat.text
        # What the partner's own system said, as text.
        assert "<b>not mine</b> any more" in pat.text and "A. Waiting" in pat.text
        pat.picture(self.pictures / "partner-request.png")

    def mends_it_and_is_told_again_since_a_time(self, pat):
        self.system.partner.refused.clear()
        pat.open(f"{self.system.url}/partner")
        # Those of the console's checks are among them.
        count = len(pat.all(".items > li"))
        assert count >= 3
        pat.choose("#since", "2026-01-01T00:00")
        pat.press("Look before it happens")
        assert f"Send {count} again" in pat.text
        pat.press(f"Send these {count} again")
        assert f"{count} callbacks are on the way" in pat.text
        api = API(self.system.intake.port)
        for name in ("PARTNER-0", "PARTNER-1", "PARTNER-2"):
            job = f"/api/jobs/{self.ids[name]}"
            wait_until(lambda place=job: api.call("GET", place)[0] == 303, 30, f"{name} is told")
        pat.open(f"{self.system.url}/partner")
        assert "Your system knows everything" in pat.text

    def corrects_whom_to_reach(self, pat):
        pat.open(f"{self.system.url}/partner/requests/{self.ids['PARTNER-1']}")
        pat.write("#phone", "12")
        pat.press("Save")
        assert "telephone number" in pat.text and "Nothing was changed" in pat.text
        pat.write("#phone", "713 555 0102")
        pat.press("Save")
        assert "Saved." in pat.text and "+17135550102" in pat.text

    def withdraws_one(self, pat):
        pat.open(f"{self.system.url}/partner/requests/{self.ids['PARTNER-2']}")
        pat.write("#why", "The neighbours helped.")
        pat.press("Withdraw")
        assert "Withdrawn. The organization sees it." in pat.text and "Canceled" in pat.text
        # One stays for the pictures.
        self.fail("PARTNER-3")

    def tests_its_endpoint(self, pat):
        pat.open(f"{self.system.url}/partner")
        assert "You are told at" in pat.text
        pat.press("Send a test callback")
        assert "A receipt" in pat.text and "HTTP 204" in pat.text, pat.text
        assert not pat.problems(), pat.problems()
        pat.picture(self.pictures / "partner-test.png")

    def changes_the_signing_secret(self, pat):
        """Makes one where callbacks were not signed, then another, beside which the first signs for a while."""
        first = self.new_secret(pat)
        second = self.new_secret(pat, overlap="week")
        pat.picture(self.pictures / "partner-secret.png")
        self.test(pat)
        assert self.system.partner.is_signed_by(first) and self.system.partner.is_signed_by(second)
        pat.open(f"{self.system.url}/partner")
        assert "Signed with 2 secrets at once" in pat.text and " ends " in pat.text
        assert second not in pat.text
        third = self.new_secret(pat, overlap="none")
        self.test(pat)
        assert self.system.partner.is_signed_by(third) and not self.system.partner.is_signed_by(second)

    def new_secret(self, pat, overlap=None):
        pat.open(f"{self.system.url}/partner")
        pat.click(pat.find("details.more summary"))
        if overlap:
            pat.choose("#overlap", overlap)
        pat.press("Make a new secret")
        assert "It is shown this once" in pat.text and not pat.problems(), pat.problems()
        return pat.find("pre").text.split()[0]

    def test(self, pat):
        pat.open(f"{self.system.url}/partner")
        pat.press("Send a test callback")
        assert "A receipt" in pat.text, pat.text

    def shows_every_page_well(self, pat):
        """No page breaks a rule of accessibility, is wider than its screen, or loads what it may not."""
        cookies = pat.driver.get_cookies()
        paths = ["", "/requests", "/requests?q=nobody", "/nothing"]
        paths += [f"/requests/{self.ids[name]}" for name in ("PARTNER-0", "PARTNER-2", "PARTNER-3")]
        for size, name in ((DESK, "desk"), (PHONE, "phone")):
            for is_dark in (False, True):
                shade = "dark" if is_dark else "light"
                with Browser(size, is_dark) as browser:
                    browser.open(f"{self.system.url}/partner/sign-in")
                    assert not browser.problems(), browser.problems()
                    for cookie in cookies:
                        browser.driver.add_cookie(cookie)
                    for number, path in enumerate(paths):
                        browser.open(f"{self.system.url}/partner{path}")
                        problems = browser.problems()
                        assert not problems, f"/partner{path}, {name}, {shade}: {problems}"
                        browser.picture(self.pictures / f"partner-{number}-{name}-{shade}.png")

"""What an operator looks at in the console, as a browser sees it."""

import json
import time

from selenium.common.exceptions import WebDriverException

from harness.api import API
from harness.balancer import Balancer
from harness.processes import free_ports
from harness.waiting import wait_until

from .browser import DESK, PHONE, Browser

FAILING = "SA-0000"
# Seconds after which the proxy ends a connection on which nothing is said.
SILENCE = 20


class Console:
    """The checks of the console; each is a method that raises AssertionError."""

    def __init__(self, system, link, pictures, is_after_desk=True):
        self.system, self.link, self.pictures = system, link, pictures
        # Whether somebody has worked at the desk before.
        self.is_after_desk = is_after_desk

    def run(self):
        with Browser() as olu:
            olu.sign_in(self.link)
            for check in (
                    self.shows_the_audits_numbers, self.moves_by_itself,
                    self.stays_live_behind_a_proxy_and_a_restart, self.finds_a_request_by_the_partners_id,
                    self.shows_why_one_failed, self.replays_a_group_one_first, self.discards_one,
                    self.discards_a_group, self.tests_and_pauses_a_partner,
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
        self.counts_one_more(olu, FAILING)
        assert olu.find("[data-live-state]").text == "Live"
        olu.picture(self.pictures / "flow.png")

    def counts_one_more(self, olu, name):
        """Sends a request, and waits until the page that is open has it."""
        before = self.figure(olu, "accepted")
        api = API(self.system.intake.port)
        body = {"providerRequestId": name, "name": "A. Late", "address": "901 Bagby St", "city": "Houston",
                "state": "TX", "zip": "77002", "phone": "713-555-0101", "email": "late@example.org", "status": "new"}
        assert api.call("POST", "/api/requests", json.dumps(body))[0] == 202
        wait_until(lambda: self.figure(olu, "accepted") == before + 1, 30, "the page counts one more by itself")

    def stays_live_behind_a_proxy_and_a_restart(self, olu):
        """A proxy that ends silent connections does not end the stream, and one that was cut off comes back."""
        service = self.system.intake["ingest-service"]
        proxy = Balancer(
            free_ports(1)[0], [(service.admin_port, service.admin_port)], self.pictures.parent, silence=SILENCE)
        proxy.start()
        try:
            wait_until(lambda: self.opens(olu, proxy), 30, "the proxy lets through")
            olu.driver.execute_script(
                "window.opened = 0; const source = new EventSource(document.querySelector('[data-live]').dataset.live);"
                "source.onopen = () => { window.opened += 1; };")
            # Nothing moves for longer than the proxy waits.
            time.sleep(SILENCE + 5)
            assert olu.driver.execute_script("return window.opened") == 1
            self.counts_one_more(olu, "SA-PROXY")
            with service.lock:
                service.stop()
                wait_until(lambda: olu.find("[data-live-state]").text != "Live", 30, "the page says that it is cut off")
                service.start()
                wait_until(service.is_ready, 60, "the service is ready again")
            wait_until(lambda: olu.find("[data-live-state]").text == "Live", 60, "the page is live again")
            self.counts_one_more(olu, "SA-RESTARTED")
            olu.open(f"{self.system.admin_url}/console")
        finally:
            proxy.stop()
        # That it was cut off, the browser has logged.
        olu.driver.get_log("browser")

    @staticmethod
    def opens(olu, proxy):
        try:
            olu.open(f"http://127.0.0.1:{proxy.port}/console")
        except WebDriverException:
            return False  # It does not listen yet.
        return bool(olu.all("[data-live]"))

    def finds_a_request_by_the_partners_id(self, olu):
        olu.open(f"{self.system.admin_url}/console/requests")
        olu.write("#q", FAILING)
        olu.press("Find")
        assert FAILING in olu.text and "What happened" in olu.text
        assert "A. Late" not in olu.text and "Bagby" not in olu.text

    def fail(self, *names):
        """Sends requests whose callbacks the partner refuses for good; waits until they have failed."""
        self.system.partner.refused.update(names)
        api = API(self.system.intake.port)
        for name in names:
            body = {"providerRequestId": name, "name": "A. Refused", "address": "901 Bagby St", "city": "Houston",
                    "state": "TX", "zip": "77002", "phone": "713-555-0101", "email": "refused@example.org",
                    "status": "new"}
            status, job, _ = api.call("POST", "/api/requests", json.dumps(body))
            assert status == 202
            wait_until(lambda place=job: api.call("GET", place)[0] == 400, 30, f"{name} has failed")

    def shows_why_one_failed(self, olu):
        self.fail("REFUSED-0", "REFUSED-1", "REFUSED-2")
        olu.open(f"{self.system.admin_url}/console/requests")
        olu.write("#q", "REFUSED-1")
        olu.press("Find")
        assert "Failed at callback" in olu.text and "410" in olu.text
        olu.press("What failed")
        assert "The partner" in olu.text and "A. Refused" not in olu.text
        olu.picture(self.pictures / "letter.png")

    def replays_a_group_one_first(self, olu):
        olu.open(f"{self.system.admin_url}/console/failed")
        olu.click(olu.find(".table a"))
        assert "Replay these 3 letters" in olu.text
        olu.picture(self.pictures / "failed.png")
        # The partner has not mended anything: the first one dies again, and the others stay.
        olu.press("Replay one first")
        wait_until(lambda: "died again" in olu.text, 60, "it stops by itself at the first that dies again")
        assert olu.find("[data-value='run.state']").text == "Stopped"
        assert olu.find("[data-value='run.replayed']").text == "1"
        olu.picture(self.pictures / "run-stopped.png")
        self.system.partner.refused.clear()
        olu.press("Back to what has failed")
        olu.click(olu.find(".table a"))
        olu.press("Replay one first")
        wait_until(lambda: olu.find("[data-value='run.state']").text == "Ended", 60, "the run ends")
        assert olu.find("[data-value='run.replayed']").text == "3" and not olu.problems(), olu.problems()
        olu.picture(self.pictures / "run.png")
        olu.open(f"{self.system.admin_url}/console/failed")
        assert "Nothing has failed" in olu.text

    def discards_one(self, olu):
        self.fail("REFUSED-3")
        olu.open(f"{self.system.admin_url}/console/failed")
        olu.find("h3 a").click()
        olu.write("input[name=why]", "Asked for twice <b>.")
        olu.press("Discard")
        wait_until(lambda: olu.find("[data-value='run.state']").text == "Ended", 30, "it is discarded")
        assert "Asked for twice <b>." in olu.text
        # One stays for the pictures.
        self.fail("REFUSED-4")

    def discards_a_group(self, olu):
        self.fail("REFUSED-5", "REFUSED-6")
        olu.open(f"{self.system.admin_url}/console/failed")
        olu.click(olu.find(".table a"))
        count = olu.find("input[name=count]").get_attribute("value")
        olu.click(olu.driver.find_element("xpath", f"//summary[.='Discard these {count} letters']"))
        olu.write("#discard-why", "The partner has <b>closed</b>.")
        olu.press(f"Discard these {count} letters")
        wait_until(lambda: olu.find("[data-value='run.state']").text == "Ended", 30, "they are discarded")
        assert olu.find("[data-value='run.discarded']").text == count, olu.text
        assert "The partner has <b>closed</b>." in olu.text
        self.system.partner.refused.clear()
        # One stays for the pictures.
        self.fail("REFUSED-7")

    def tests_and_pauses_a_partner(self, olu):
        """While it is paused nothing goes out, over a restart, and nothing is lost."""
        olu.open(f"{self.system.admin_url}/console/partners")
        olu.press("Test callback to smokealarm-portal")
        assert "A receipt" in olu.text and "HTTP 204" in olu.text and "intake-test-" in olu.text
        olu.picture(self.pictures / "test-callback.png")
        olu.open(f"{self.system.admin_url}/console/partners")
        olu.click(olu.find("details summary"))
        olu.write("input[name=why]", "They move <b>house</b>.")
        olu.press("Pause callbacks to smokealarm-portal")
        assert "Paused by Olu Ops" in olu.text and "They move <b>house</b>." in olu.text
        olu.picture(self.pictures / "partners-paused.png")
        assert not olu.problems(), olu.problems()
        callback = self.system.intake["callback-service"]
        with callback.lock:
            assert callback.stop()
            callback.start()
            callback.await_live()
        wait_until(callback.is_ready, 30, "CallbackService is ready, though it tells nobody")
        assert "paused: smokealarm-portal" in callback.get("/health/ready")[1]
        told = self.system.partner.count
        api = API(self.system.intake.port)
        body = {"providerRequestId": "PAUSED-0", "name": "A. Patient", "address": "901 Bagby St", "city": "Houston",
                "state": "TX", "zip": "77002", "phone": "713-555-0101", "email": "patient@example.org",
                "status": "new"}
        status, job, _ = api.call("POST", "/api/requests", json.dumps(body))
        assert status == 202
        queue = "intake.callback.smokealarm-portal"
        wait_until(lambda: self.system.broker.depths().get(queue) == 1, 30, "the callback waits in its queue")
        assert self.system.partner.count == told
        olu.driver.refresh()
        olu.press("Resume callbacks to smokealarm-portal")
        assert "What has waited goes out" in olu.text
        wait_until(lambda: api.call("GET", job)[0] == 303, 30, "the partner is told")

    def says_who_did_what(self, olu):
        olu.open(f"{self.system.admin_url}/console/audit")
        if self.is_after_desk:
            assert "ada@chapter.example" in olu.text and "took a step" in olu.text
            assert "decided a review" in olu.text
        assert "paused callbacks" in olu.text and "resumed callbacks" in olu.text
        assert "replayed dead letters" in olu.text and "olu@ops.example" in olu.text

    def letter(self, olu):
        olu.open(f"{self.system.admin_url}/console/failed")
        return olu.find("h3 a").get_attribute("href").partition("/console")[2]

    def shows_every_page_well(self, olu):
        """No page breaks a rule of accessibility, is wider than its screen, or loads what it may not."""
        cookies = olu.driver.get_cookies()
        paths = ["", "/failed", "/failed?stage=callback", self.letter(olu), "/failed/run", "/partners", "/requests",
                 f"/requests?q={FAILING}", "/requests?q=nothing", "/audit", "/nothing"]
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

"""What a coordinator does at the desk, as a browser sees it."""

import csv
import io

from harness.waiting import wait_until

from .browser import DESK, PHONE, Browser


class Desk:
    """The checks of the desk; each is a method that raises AssertionError."""

    def __init__(self, system, links, ids, bodies, pictures):
        self.system, self.links, self.ids, self.bodies, self.pictures = system, links, ids, bodies, pictures
        self.seen = []

    def run(self):
        with Browser() as ada, Browser(PHONE, is_dark=True) as cleo:
            ada.sign_in(self.links["ada"])
            cleo.sign_in(self.links["cleo"])
            for check in (
                    self.finds_a_request_by_its_phone_number, self.decides_a_review, self.assigns_five_at_once,
                    self.completes_one_on_a_phone, self.sees_that_another_was_faster, self.exports_all,
                    self.prints, self.uses_the_keyboard, self.goes_nearer_on_the_map, self.shows_every_page_well):
                print(f"   {check.__name__.replace('_', ' ')}", flush=True)
                check(ada, cleo)

    def finds_a_request_by_its_phone_number(self, ada, _):
        body = self.bodies[0]
        digits = "".join(character for character in body["phone"] if character.isdigit())[-10:]
        typed = f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
        # The index of words comes a moment after the request.
        wait_until(lambda: self.searched(ada, typed, body["name"]), 30, f"{typed} is found")
        ada.find("h3 a").click()
        assert body["name"] in ada.text and body["address"] in ada.text

    def searched(self, browser, text, name):
        browser.open(f"{self.system.url}/desk/requests")
        browser.write("#q", text)
        browser.press("Find")
        return name in browser.text

    def decides_a_review(self, ada, _):
        ada.open(f"{self.system.url}/desk")
        assert "Your decision" in ada.text and "Dee Doubt 0" in ada.text
        ada.picture(self.pictures / "inbox.png")
        ada.press("Dee Doubt 0")
        assert "What does not fit together" in ada.text
        ada.write("#review-note", "Called: it is in our county.")
        ada.picture(self.pictures / "review.png")
        ada.press("Yes, we cover it")
        assert "Decided. The partner is being told." in ada.text
        wait_until(lambda: self.has(ada, "The partner was told: covered"), 30, "the partner is told")

    @staticmethod
    def has(browser, text):
        browser.driver.refresh()
        return text in browser.text

    def assigns_five_at_once(self, ada, _):
        ada.open(f"{self.system.url}/desk/requests?state=new")
        for box in ada.all("input[name=pick]")[:5]:
            ada.click(box)
        assert ada.find("[data-count]").text == "5"
        ada.click(ada.find(".picked summary"))
        ada.choose("#bulk-step", "assigned")
        ada.write("#bulk-person", "Cleo Haddad")
        ada.choose("#bulk-due", "2099-12-01")
        ada.picture(self.pictures / "bulk.png", 1400)
        ada.press("Look before it happens")
        assert "Will be changed: 5" in ada.text
        ada.press("Change these 5")
        assert "5 of 5" in ada.text and "Done" in ada.text
        ada.open(f"{self.system.url}/desk/requests?state=assigned")
        assert len(ada.all(".items > li")) == 5

    def completes_one_on_a_phone(self, _, cleo):
        cleo.open(f"{self.system.url}/desk")
        assert "In your hands" in cleo.text
        cleo.open(f"{self.system.url}/desk/requests?holder=me")
        cleo.find("h3 a").click()
        cleo.write("#step-note", "Two alarms installed.")
        cleo.press("Mark as completed")
        wait_until(lambda: "Saved. The partner is being told." in cleo.text, 10, "it is saved")
        assert "Completed" in cleo.text and "Two alarms installed." in cleo.text, cleo.text
        assert not cleo.problems(), cleo.problems()

    def sees_that_another_was_faster(self, ada, cleo):
        for browser in (ada, cleo):
            browser.open(f"{self.system.url}/desk/requests?state=assigned")
            browser.find("h3 a").click()
        ada.press("Mark as scheduled")
        cleo.write("#step-note", "Nobody at home.")
        cleo.press("Cancel it")
        assert "Somebody changed this request" in cleo.text and "Ada Lovelace" in cleo.text
        assert cleo.find("#step-note").get_attribute("value") == "Nobody at home."
        assert not cleo.problems(), cleo.problems()
        cleo.picture(self.pictures / "conflict-phone.png")

    def exports_all(self, ada, _):
        ada.open(f"{self.system.url}/desk/requests")
        text = ada.driver.execute_async_script(
            "const done = arguments[0]; fetch('/desk/requests.csv').then((answer) => answer.text()).then(done)")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert {row["id"] for row in rows} == set(self.ids), f"{len(rows)} rows of {len(self.ids)}"

    def prints(self, ada, _):
        ada.open(f"{self.system.url}/desk/requests?state=assigned")
        ada.press("Print view")
        ada.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        assert not ada.find("header.bar").is_displayed() and ada.find("table").is_displayed()
        assert ada.driver.execute_cdp_cmd("Page.printToPDF", {})["data"]
        ada.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})

    def uses_the_keyboard(self, ada, _):
        ada.open(f"{self.system.url}/desk/requests")
        ada.find("body").send_keys("/")
        assert ada.driver.switch_to.active_element.get_attribute("id") == "q"
        ada.open(f"{self.system.url}/desk/requests")
        ada.find("body").send_keys("\ue004")
        assert ada.driver.switch_to.active_element.text == "Skip to the content"

    def goes_nearer_on_the_map(self, ada, cleo):
        """By the keyboard at a desk, and by touch in a hand: from the country to one request."""
        for browser, path in ((ada, "/desk/map?at=0,6000,4300"), (cleo, "/desk/map?q=houston")):
            browser.open(self.system.url + path)
            assert "on this part of the map" in browser.text
            assert browser.all(".map .area"), "what is covered is shaded"
            for _ in range(12):
                spot = browser.find(".map .spot")
                page = browser.find("html")
                if browser is ada:
                    browser.driver.execute_script("arguments[0].focus()", spot)
                    ada.driver.switch_to.active_element.send_keys("\ue007")
                else:
                    browser.click(spot.find_element("css selector", "circle"))
                browser.await_end(page)
                if "/desk/map" not in browser.driver.current_url:
                    break
            assert "/desk/requests" in browser.driver.current_url, browser.driver.current_url
        ada.open(f"{self.system.url}/desk/map")
        ada.choose("#to", "TX")
        ada.press("Go there")
        assert "Harris" in ada.text
        ada.picture(self.pictures / "map.png", 1400)

    def shows_every_page_well(self, ada, cleo):
        """No page breaks a rule of accessibility, is wider than its screen, or loads what it may not."""
        cookies = {"ada": ada.driver.get_cookies()}
        paths = ["/desk", "/desk/requests", "/desk/print", "/desk/requests?q=nobody+has+this", "/desk/nothing"]
        paths += ["/desk/map", "/desk/map?to=TX", "/desk/map?q=nobody+has+this"]
        paths += [f"/desk/requests?state={state}" for state in ("review", "completed", "declined")]
        paths += [f"/desk/requests/{request}" for request in (self.ids[0], self.ids[1], self.ids[-1])]
        for size, name in ((DESK, "desk"), (PHONE, "phone")):
            for is_dark in (False, True):
                with Browser(size, is_dark) as browser:
                    browser.open(f"{self.system.url}/desk/sign-in")
                    assert not browser.problems(), browser.problems()
                    for cookie in cookies["ada"]:
                        browser.driver.add_cookie(cookie)
                    for number, path in enumerate(paths):
                        browser.open(self.system.url + path)
                        problems = browser.problems()
                        assert not problems, f"{path}, {name}, {'dark' if is_dark else 'light'}: {problems}"
                        shade = "dark" if is_dark else "light"
                        browser.picture(self.pictures / f"{number}-{name}-{shade}.png")

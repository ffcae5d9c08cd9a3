"""What a partner's developer reads of the API, as a browser shows it."""

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from .browser import DESK, PHONE, Browser


class Docs:
    """The checks of the API's page; each is a method that raises AssertionError."""

    def __init__(self, system, pictures):
        self.system, self.pictures = system, pictures
        self.url = f"{system.url}/docs"

    def run(self):
        with Browser() as dev:
            for check in (
                    self.is_there_for_everybody, self.leads_from_the_contents_to_an_operation,
                    self.is_used_by_keys_alone, self.copies_a_call, self.shows_it_well):
                print(f"   {check.__name__.replace('_', ' ')}", flush=True)
                check(dev)

    def is_there_for_everybody(self, dev):
        dev.open(self.url)
        text = dev.text
        for words in ("Send a request", "POST", "/api/requests/{id}", "webhook-signature", "RFC 9457"):
            assert words in text, words
        for label, path in (("OpenAPI as YAML", "/openapi.yaml"), ("as JSON", "/openapi.json")):
            link = dev.driver.find_element(By.LINK_TEXT, label)
            assert link.get_attribute("href") == self.system.url + path

    def leads_from_the_contents_to_an_operation(self, dev):
        dev.open(self.url)
        dev.click(dev.find(".contents a[href='#withdrawRequest']"))
        assert dev.driver.current_url.endswith("#withdrawRequest")
        heading = dev.find("#withdrawRequest")
        top = dev.driver.execute_script("return arguments[0].getBoundingClientRect().top", heading)
        bar = dev.driver.execute_script("return document.querySelector('.bar').getBoundingClientRect().bottom")
        assert bar <= top <= 400, f"the heading is at {top}, the bar ends at {bar}"
        # An error that many answers have is told once, and a link leads there.
        dev.click(dev.find("article[aria-labelledby='withdrawRequest'] a[href='#answer-TooLarge']"))
        assert dev.driver.current_url.endswith("#answer-TooLarge")

    def is_used_by_keys_alone(self, dev):
        dev.open(self.url)
        body = dev.find("body")
        body.send_keys(Keys.TAB)
        assert dev.driver.switch_to.active_element.text == "Skip to the content"
        dev.driver.switch_to.active_element.send_keys(Keys.ENTER)
        assert dev.driver.switch_to.active_element.get_attribute("id") == "main"
        summary = dev.find("article[aria-labelledby='submitRequest'] .answers summary")
        parent = summary.find_element(By.XPATH, "..")
        assert parent.get_attribute("open") is not None
        summary.send_keys(Keys.ENTER)
        assert parent.get_attribute("open") is None

    def copies_a_call(self, dev):
        dev.open(self.url)
        dev.driver.execute_cdp_cmd(
            "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
        dev.click(dev.find("article[aria-labelledby='getJob'] .copy"))
        script = "const done = arguments[0]; navigator.clipboard.readText().then(done, (error) => done(`${error}`))"
        copied = dev.driver.execute_async_script(script)
        assert copied.startswith('curl -i "$INTAKE/api/jobs/01a1ff81-'), copied
        assert not dev.problems(), dev.problems()

    def shows_it_well(self, _):
        """No rule of accessibility is broken, with what is folded shown as well; nothing is wider than the screen."""
        for size, name in ((DESK, "desk"), (PHONE, "phone")):
            for is_dark in (False, True):
                shade = "dark" if is_dark else "light"
                with Browser(size, is_dark) as browser:
                    browser.open(self.url)
                    assert not browser.problems(), f"/docs, {name}, {shade}: {browser.problems()}"
                    browser.picture(self.pictures / f"docs-{name}-{shade}.png", height=4000)
                    browser.driver.execute_script(
                        "document.querySelectorAll('details').forEach((one) => { one.open = true })")
                    assert not browser.problems(), f"/docs unfolded, {name}, {shade}: {browser.problems()}"

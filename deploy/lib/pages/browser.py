"""Chromium as people use it: on a desk or in a hand, in the light or in the dark."""

import base64
import pathlib

import axe_core_python
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

AXE = (pathlib.Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
PHONE, DESK = (390, 844), (1280, 900)


class Browser:
    """One person's browser. Use as a context manager."""

    def __init__(self, size=DESK, is_dark=False, downloads=None):
        self.size = size
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
            options.add_argument(argument)
        if size == PHONE:
            metrics = {"width": size[0], "height": size[1], "pixelRatio": 2.0}
            options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
        else:
            options.add_argument(f"--window-size={size[0]},{size[1]}")
        if downloads:
            options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def open(self, url):
        self.driver.get(url)

    def sign_in(self, link):
        self.open(link)
        self.press("Sign in")

    @property
    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def press(self, label):
        """Presses the button or the link that says so, and waits for the page that follows."""
        path = f"//main//*[self::button or self::a][normalize-space()='{label}']"
        page = self.find("html")
        self.click(self.driver.find_element(By.XPATH, path))
        self.await_end(page)

    def await_end(self, page):
        """Waits until another page has taken the place of the one that this element is of."""
        WebDriverWait(self.driver, 10).until(lambda _: self.is_gone(page))

    @staticmethod
    def is_gone(element):
        try:
            element.is_enabled()
            return False
        except WebDriverException as error:
            # The driver says the second of an element whose page goes at that very moment.
            if isinstance(error, StaleElementReferenceException) or "does not belong to the document" in str(error):
                return True
            raise

    def click(self, element):
        """Clicks where nothing lies over it."""
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def write(self, selector, text):
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def choose(self, selector, value):
        script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))"
        self.driver.execute_script(script, self.find(selector), value)

    def problems(self):
        """What is wrong with the page that is open: rules of accessibility, its width, what the browser refused."""
        # Past the page's own policy, which runs no script of others'.
        self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE})
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then((result) => done("
            "result.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target).slice(0, 3)}`)))")
        # Not the window's own width: a phone's grows with a page that is too wide.
        width, room = self.driver.execute_script("return document.documentElement.scrollWidth"), self.size[0]
        if width > room:
            found.append(f"{width} pixels wide, on a screen of {room}")
        # A page that answers 409 or 403 is logged as a failed resource, which it is meant to be.
        return found + [
            entry["message"] for entry in self.driver.get_log("browser") if "status of" not in entry["message"]]

    def picture(self, path, height=2600):
        """Saves the whole page, up to a height."""
        script = "return [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        width, whole = self.driver.execute_script(script)
        clip = {"x": 0, "y": 0, "width": width, "height": min(whole, height), "scale": 1}
        shot = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip})
        path.write_bytes(base64.b64decode(shot["data"]))

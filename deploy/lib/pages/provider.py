"""How people sign in by an OpenID provider of others' making, as a browser sees it: at the desk and at the console."""

from harness.waiting import wait_until

from .browser import DESK, PHONE, Browser

CONFIGURATION = """addresses:
  desk: {desk}
  console: {console}
identity_providers:
  chapter:
    name: Chapter account
    issuer: {issuer}
    client_id: intake
    client_secret_file: oidc
    rules:
      - {{claim: groups, has: coordinators, organization: relief, may: write}}
      - {{claim: [realm_access, roles], has: intake-operator, may: operate}}
"""


class ProviderSignIn:
    """The checks of signing in by a provider; each is a method that raises AssertionError."""

    def __init__(self, system, pictures):
        self.system, self.pictures = system, pictures
        self.provider = system.openid
        self.request = None

    def run(self):
        self.provider.start()
        # The service reads it again by itself.
        self.system.write_sign_in(CONFIGURATION.format(
            desk=self.system.url, console=self.system.admin_url, issuer=self.provider.issuer))
        with Browser() as grace:
            for check in (
                    self.shows_a_button, self.signs_in, self.acts, self.signs_out, self.refuses_who_meets_no_rule,
                    self.refuses_who_says_no, self.signs_in_at_the_console_and_finds_the_name,
                    self.takes_new_keys, self.says_when_the_provider_is_away):
                print(f"   {check.__name__.replace('_', ' ')}", flush=True)
                check(grace)

    def button(self, browser, room):
        browser.open(f"{room}/sign-in")
        return "Sign in with Chapter account" in browser.text

    def shows_a_button(self, grace):
        wait_until(lambda: self.button(grace, f"{self.system.url}/desk"), 20, "the button is there")
        for size, name in ((DESK, "desk"), (PHONE, "phone")):
            for is_dark in (False, True):
                shade = "dark" if is_dark else "light"
                with Browser(size, is_dark) as browser:
                    self.button(browser, f"{self.system.url}/desk")
                    self.is_well(browser)
                    browser.picture(self.pictures / f"sign-in-{name}-{shade}.png")

    def is_well(self, browser):
        problems = browser.problems()
        assert not problems, problems

    def go(self, browser, name, room):
        """To the provider, and through its form."""
        self.button(browser, room)
        browser.press("Sign in with Chapter account")
        assert browser.driver.current_url.startswith(self.provider.issuer), browser.driver.current_url
        browser.driver.find_element("css selector", "input[name=sub]").send_keys(name)
        page = browser.find("html")
        browser.find("input[name=sub]").submit()
        browser.await_end(page)
        # The provider's own page wants a style sheet from elsewhere; what the browser says of it is not about ours.
        browser.driver.get_log("browser")

    def signs_in(self, grace):
        self.go(grace, "grace", f"{self.system.url}/desk")
        assert grace.driver.current_url == f"{self.system.url}/desk", grace.driver.current_url
        assert "Inbox" in grace.text and "Grace Hopper" in grace.text
        cookies = {cookie["name"]: cookie for cookie in grace.driver.get_cookies()}
        assert cookies["intake_desk"]["httpOnly"] and cookies["intake_desk"]["sameSite"] == "Lax"
        assert "intake_desk_attempt" not in cookies

    def acts(self, grace):
        grace.open(f"{self.system.url}/desk/requests")
        grace.click(grace.find(".item h3 a"))
        self.request = grace.driver.current_url.rpartition("/")[2]
        grace.write("#note", "Called back by Grace.")
        page = grace.find("html")
        grace.click(grace.find("form[action$='/note'] button"))
        grace.await_end(page)
        assert "Called back by Grace." in grace.text and "Grace Hopper" in grace.find("main").text

    def signs_out(self, grace):
        page = grace.find("html")
        grace.click(grace.find("header form button"))
        grace.await_end(page)
        assert "You are still signed in at Chapter account" in grace.text
        self.is_well(grace)
        grace.picture(self.pictures / "signed-out.png")
        way = grace.driver.find_element("link text", "Sign out at Chapter account").get_attribute("href")
        assert way.startswith(f"{self.provider.issuer}/oauth2/end_session?client_id=intake")
        grace.open(f"{self.system.url}/desk")
        assert grace.driver.current_url.endswith("/desk/sign-in")

    def refuses_who_meets_no_rule(self, _):
        with Browser(PHONE) as gus:
            self.go(gus, "gus", f"{self.system.url}/desk")
            assert "You are not let in" in gus.text and "gus@elsewhere.example" in gus.text, gus.text
            assert "groups: guests" in gus.text and "whoever runs Intake for your organization" in gus.text
            self.is_well(gus)
            gus.picture(self.pictures / "refused.png")
            gus.open(f"{self.system.url}/desk")
            assert gus.driver.current_url.endswith("/desk/sign-in")
        # An operator is nobody at the desk.
        with Browser() as orla:
            self.go(orla, "orla", f"{self.system.url}/desk")
            assert "sign in at the console" in orla.text

    def refuses_who_says_no(self, _):
        with Browser() as gus:
            self.button(gus, f"{self.system.url}/desk")
            gus.press("Sign in with Chapter account")
            page = gus.find("html")
            gus.click(gus.find("[name=action][value=deny]"))
            gus.await_end(page)
            # This provider sends no state with it, so that it may be anybody's answer.
            assert "This sign-in has ended" in gus.text or "was told not to sign you in" in gus.text, gus.text

    def signs_in_at_the_console_and_finds_the_name(self, _):
        with Browser() as orla:
            self.go(orla, "orla", f"{self.system.admin_url}/console")
            assert orla.driver.current_url == f"{self.system.admin_url}/console", orla.driver.current_url
            assert "Orla Ops" in orla.text
            orla.open(f"{self.system.admin_url}/console/audit?person=grace%40chapter.example")
            text = orla.find("main").text
            assert "Grace Hopper, by chapter" in text and "wrote a note" in text and "signed out" in text, text
            orla.picture(self.pictures / "audit-provider.png")

    def takes_new_keys(self, grace):
        """A provider that starts anew has other keys, and knows nobody's code."""
        self.provider.stop()
        self.provider.start()
        self.go(grace, "grace", f"{self.system.url}/desk")
        # Keys are asked for anew every half minute at most.
        if "cannot be believed" in grace.text:
            wait_until(lambda: self.is_in(grace), 60, "the new keys are taken", interval=5)
        assert "Grace Hopper" in grace.text

    def is_in(self, browser):
        self.go(browser, "grace", f"{self.system.url}/desk")
        return "Inbox" in browser.text

    def says_when_the_provider_is_away(self, grace):
        self.provider.stop()
        grace.driver.refresh()
        assert "Inbox" in grace.text, "who is in stays in"
        with Browser(PHONE) as late:
            wait_until(lambda: self.button(late, f"{self.system.url}/desk"), 10, "the button is there")
            late.open(f"{self.system.url}/desk/sign-in/with/chapter/callback?code=x&state=y")
            assert "This sign-in has ended" in late.text
            self.system.write_sign_in(CONFIGURATION.format(
                desk=self.system.url, console=self.system.admin_url,
                issuer=f"http://localhost:{self.provider.port}"))
            wait_until(lambda: self.is_away(late), 20, "the page says that nobody answers")
            self.is_well(late)
            late.picture(self.pictures / "provider-away.png")

    def is_away(self, browser):
        self.button(browser, f"{self.system.url}/desk")
        browser.press("Sign in with Chapter account")
        return "Chapter account does not answer" in browser.text

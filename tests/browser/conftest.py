"""A real headless Chromium, and what opens a map in it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from geomap.maps import draw_map, write_map

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("Chromium is not here: apt-get install chromium chromium-driver")
    from selenium import webdriver  # noqa: PLC0415 - slow to import, not always needed
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415

    options = webdriver.ChromeOptions()
    profile: Path = tmp_path_factory.mktemp("profile")
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size=1400,900"):
        options.add_argument(flag)
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=Service(driver))
    yield found
    found.quit()


@dataclass
class Page:
    """A map in the browser; ``requests`` are the addresses asked for beside its own."""

    browser: Any
    path: Path
    requests: list[str]

    def open(self, fragment: str = "") -> None:
        self.browser.get_log("performance")
        self.browser.get_log("browser")
        self.browser.get("about:blank")
        self.browser.get(self.path.as_uri() + fragment)
        rows = [
            json.loads(row["message"])["message"] for row in self.browser.get_log("performance")
        ]
        sent = [
            row["params"]["request"]["url"]
            for row in rows
            if row["method"] == "Network.requestWillBeSent"
        ]
        # chrome:// is the browser's own empty tab, data: stands in the page itself.
        own = ("data:", "chrome:", "chrome-untrusted:", "about:")
        self.requests = [
            url for url in sent if not url.startswith(own) and self.path.as_uri() not in url
        ]

    def one(self, selector: str) -> Any:
        return self.browser.find_element("css selector", selector)

    def all(self, selector: str) -> list[Any]:
        return list(self.browser.find_elements("css selector", selector))

    def text(self, selector: str) -> str:
        return str(self.one(selector).get_attribute("textContent"))

    def run(self, script: str, *args: Any) -> Any:
        return self.browser.execute_script(script, *args)

    def wait(self, milliseconds: int = 400) -> None:
        self.browser.execute_async_script("setTimeout(arguments[1], arguments[0])", milliseconds)

    def errors(self) -> list[Any]:
        return list(self.browser.get_log("browser"))

    def fragment(self) -> str:
        self.wait()
        return str(self.browser.current_url).partition("#")[2]


@pytest.fixture
def page_of(browser: Any, tmp_path: Path) -> Iterator[Any]:
    def made(records: Any, *, fragment: str = "", **options: Any) -> Page:
        page = Page(browser, write_map(draw_map(records, **options), tmp_path / "map.html"), [])
        page.open(fragment)
        return page

    yield made
    browser.set_window_size(1400, 900)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [], "media": ""})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

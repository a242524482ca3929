"""The notebook that is in front in JupyterLab, as one works in it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PATIENCE

expect.set_options(timeout=PATIENCE)
RAN = re.compile(r"\[\d+\]")


class Notebook:
    def __init__(self, page: Page, name: str) -> None:
        """Waits until it is in front, and its kernel is there and has nothing to do."""
        self.page = page
        expect(page.locator("#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current")).to_contain_text(name)
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        expect(self.panel.locator(".jp-Cell").first).to_be_visible()
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text("| Idle")

    def cell(self, number: int) -> Locator:
        """The code cell of this number, from 0."""
        return self.panel.locator(".jp-CodeCell").nth(number)

    def run(self, number: int) -> Locator:
        """Run one code cell; its output area, once it has run."""
        cell = self.cell(number)
        before = self.prompt(cell)
        self.click(cell)
        self.page.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-InputPrompt")).not_to_have_text(before)
        expect(cell.locator(".jp-InputPrompt")).to_have_text(RAN)
        self.wait_until_idle()
        return cell.locator(".jp-Cell-outputArea")

    def run_all_above(self, number: int) -> None:
        self.click(self.cell(number))
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Above Selected Cell").click()
        expect(self.cell(number - 1).locator(".jp-InputPrompt")).to_have_text(RAN)
        self.wait_until_idle()

    def write(self, number: int, text: str) -> None:
        """Replace the source of a code cell, as pasting does."""
        self.click(self.cell(number))
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def insert_below(self, number: int, text: str) -> None:
        self.click(self.cell(number))
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("b")
        self.write(number + 1, text)

    def click(self, cell: Locator) -> None:
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()

    def prompt(self, cell: Locator) -> str:
        return cell.locator(".jp-InputPrompt").inner_text()

"""Measures the page of two runs of 10,000 cases in headless Chromium.

    python benchmarks/page.py [--cases 10000]

Size of the file, time from opening it until the case list answers and the charts are drawn, and
the time that one filter takes. Set CHROMIUM to the browser if it is not /usr/bin/chromium.
"""

from __future__ import annotations

import argparse
import os
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

from compare import run
from playwright.sync_api import Page, sync_playwright

import fictures_reports as fr

FLAGS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"]
FILTER = """text => new Promise(resolve => {
  const field = document.querySelector('#case-search');
  field.value = text;
  const begin = performance.now();
  field.dispatchEvent(new Event('input', { bubbles: true }));
  const body = document.querySelector('div.cases .said');
  new MutationObserver(() => requestAnimationFrame(() => resolve(performance.now() - begin)))
    .observe(body, { childList: true, characterData: true, subtree: true });
})"""
READY = """() => document.querySelector('div.cases[data-ready]')
  && !document.querySelector('figure.chart:not([data-drawn])')"""


def opened(page: Page, path: Path) -> float:
    """Open the page and return the seconds until it answers."""
    page.goto(path.as_uri())
    page.wait_for_function(READY)
    return float(page.evaluate("performance.now()")) / 1000


def main() -> None:
    """Print what was measured beside what is aimed at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    n_cases = parser.parse_args().cases
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        before, after = run("before", n_cases, 0), run("after", n_cases, 1)
        path = fr.render("comparison", before=before, after=after, output=Path(folder) / "r.html")
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        page = browser.new_page()
        load = statistics.median(opened(page, path) for _ in range(5))
        words = ["test 12", "service 7", "file9", "no such thing", ""]
        took = [page.evaluate(FILTER, word) for word in words for _ in range(3)]
        failed = after.totals["failed"]
        print(f"{n_cases:,} cases a side, {failed:,} of them failing after")
        print(f"file {path.stat().st_size / 1e6:.2f} MB (under 6)")
        print(f"answers after {load:.2f} s (within 2)")
        print(
            f"a filter takes {statistics.median(took):.0f} ms, at most {max(took):.0f} (under 100)"
        )
        browser.close()


if __name__ == "__main__":
    main()

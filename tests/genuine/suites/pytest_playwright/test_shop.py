"""A page, with pytest-playwright."""

from playwright.sync_api import expect

PAGE = "<title>Shop</title><h1>Shop</h1><button disabled>Buy</button>"


def test_has_a_heading(page):
    page.set_content(PAGE)
    expect(page.get_by_role("heading")).to_have_text("Shop")


def test_has_another_heading(page):
    page.set_content(PAGE)
    expect(page.get_by_role("heading")).to_have_text("Store", timeout=200)


def test_buys(page):
    page.set_content(PAGE)
    page.get_by_role("button", name="Buy").click(timeout=200)


def test_two_soft_assertions_fail(page):
    page.set_content(PAGE)
    expect.soft(page.get_by_role("heading")).to_have_text("Store", timeout=200)
    expect.soft(page.get_by_role("button")).to_be_enabled(timeout=200)

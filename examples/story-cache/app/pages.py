"""The app's pages. They are plain HTML; what moves is in app.js."""

from html import escape

STYLE = """
body { font: 14px sans-serif; margin: 12px; color: #222 } h1 { font-size: 18px }
nav a { margin-right: 10px } button { margin: 2px }
article { border: 1px solid #ccc; padding: 6px; margin: 6px 0 }
"""
TESTS = {
    "cold": "Cold load",
    "warm": "Warm load",
    "full": "Run full cache test",
    "update": "Update data",
    "storage": "Test localStorage",
}
CONFIG = """
<dl data-testid="cache-config">
<dt>Cache TTL</dt><dd>30 minutes</dd><dt>Store</dt><dd>localStorage</dd>
</dl>
"""


def page(title, body, script=""):
    """One whole page; `script` calls a function of app.js when the page has loaded."""
    links = each('<a href="/{0}">{0}</a>', ["community", "studio", "library"])
    start = f'<script src="/app.js"></script><script>{script}</script>' if script else ""
    head = f'<meta charset="utf-8"><title>{title}</title><link rel="icon" href="data:,">'
    style = f"<style>{STYLE}</style>"
    content = f"<nav>{links}</nav><h1>{title}</h1>{body}{start}"
    return f'<!doctype html><html lang="en">{head}{style}{content}</html>'


def each(form, texts):
    return "".join(form.format(escape(text)) for text in texts)


def titles(stories):
    return [story["title"] for story in stories]


def community(posts, stories):
    """The feed. Nobody is signed in, and guests cannot like, reply or begin a post."""
    if not stories:
        return page("Community", "<p>Waiting for the first story …</p>", "waitForStories()")
    feed = each('<article data-testid="post-card">{}</article>', [post["body"] for post in posts])
    button = "<button disabled>New Post</button>"
    return page("Community", f'{button}<section class="feed">{feed}</section>')


def studio(stories):
    """The studio listens for news all the time; its editor and debug panel are for authors."""
    tree = each("<li>{}</li>", titles(stories) or ["No story yet"])
    body = f'<ul data-testid="story-tree">{tree}</ul><p>Sign in to write.</p>'
    return page("Studio", body, "listen()")


def stories_page(stories):
    """Cards that open on a click, without a link."""
    cards = each('<article onclick="void 0">{}</article>', titles(stories))
    return page("Stories", cards or "<p>No story yet</p>")


def library(scenes):
    body = f"<p>{len(scenes)} scenes</p>" + each("<p>{}</p>", [text[:60] for text in scenes])
    return page("Library", body)


def test_page(stories):
    """The cache's test page: its buttons wait for a story to test with."""
    off = "" if stories else " disabled"
    buttons = "".join(f'<button id="{key}"{off}>{name}</button>' for key, name in TESTS.items())
    cards = each('<article data-testid="story-card">{}</article>', titles(stories))
    body = f'{buttons}<ul id="results"></ul>{cards}{CONFIG}'
    return page("Cache test", body, ("" if stories else "waitForStories(); ") + "cacheTests()")

"""The app's pages. They are plain HTML; what moves is in app.js."""

from html import escape

STYLE = """body{font:14px sans-serif;margin:12px;color:#222}nav a{margin-right:10px}h1{font-size:18px}
article{border:1px solid #ccc;padding:6px;margin:6px 0}button{margin:2px}"""


def page(title, body, script=""):
    """One whole page; `script` names the function of app.js that runs when it has loaded."""
    links = "".join(f'<a href="/{name}">{name}</a>' for name in ("community", "studio", "library"))
    start = f'<script src="/app.js"></script><script>{script}</script>' if script else ""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><link rel="icon" href="data:,">'
        f"<style>{STYLE}</style><nav>{links}</nav><h1>{title}</h1>{body}{start}</html>"
    )


def community(posts, stories):
    """The feed. Liking and replying are for members, and nobody is signed in; nor can a guest begin a post."""
    if not stories:
        return page(
            "Community", '<p id="waiting">Waiting for the first story …</p>', "waitForStories()"
        )
    feed = "".join(
        f"<article data-testid='post-card'>{escape(post['body'])}</article>" for post in posts
    )
    return page(
        "Community", f'<button disabled>New Post</button><section class="feed">{feed}</section>'
    )


def studio(stories):
    """The studio listens for news all the time; its editor and debug panel are for authors who are signed in."""
    tree = (
        "".join(f"<li>{escape(story['title'])}</li>" for story in stories)
        or "<li>No story yet</li>"
    )
    return page(
        "Studio",
        f'<ul data-testid="story-tree">{tree}</ul><p>Sign in to write.</p>',
        "listen()",
    )


def stories_page(stories):
    """Cards that open on a click, without a link."""
    cards = "".join(
        f'<article onclick="void 0">{escape(story["title"])}</article>' for story in stories
    )
    return page("Stories", cards or "<p>No story yet</p>")


def library(scenes):
    return page(
        "Library",
        f"<p>{len(scenes)} scenes</p>" + "".join(f"<p>{escape(text[:60])}</p>" for text in scenes),
    )


def test_page(stories):
    """The cache's test page: its buttons wait for a story to test with."""
    stories = list(stories)
    cards = "".join(
        f'<article data-testid="story-card">{escape(story["title"])}</article>' for story in stories
    )
    off = "" if stories else " disabled"
    names = {
        "cold": "Cold load",
        "warm": "Warm load",
        "full": "Run full cache test",
        "update": "Update data",
        "storage": "Test localStorage",
    }
    buttons = "".join(f'<button id="{key}"{off}>{name}</button>' for key, name in names.items())
    config = "<dl data-testid='cache-config'><dt>Cache TTL</dt><dd>30 minutes</dd><dt>Store</dt><dd>localStorage</dd></dl>"
    waiting = "" if stories else "waitForStories();"
    return page(
        "Cache test", f"{buttons}<ul id='results'></ul>{cards}{config}", waiting + "cacheTests()"
    )

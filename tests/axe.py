"""What axe finds against a page as it stands: each rule everywhere, contrast once for each look."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

# All rules of which a scheme of colours decides.
COLOURS = ["color-contrast", "link-in-text-block"]
# Most of axe's time goes into contrasts, and two texts have the same where they and all that they
# stand in have the same tags, classes, colours and inline styles: the first of a look is marked as
# new, the others as seen. What is not shown is neither: axe finds nothing against it.
# Axe judges no signs and no single letters: what kind of text it is belongs to its look.
MARK = r"""(context) => {
  const LOOK = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight",
    "textShadow", "position", "visibility", "clipPath", "overflowX", "overflowY"];
  const OTHERS = "input, select, textarea, label, svg *";
  const numbers = new Map(), seen = new Set(), places = new Map();
  const number = (text) => numbers.get(text) ?? numbers.set(text, numbers.size).get(text);
  const own = (e, name) => e.getAttribute(name);
  window.looks = new Map();
  for (const e of document.querySelectorAll("html, body, body *")) {
    const isShown = e.checkVisibility();
    e.toggleAttribute("data-new-look", isShown);
    e.toggleAttribute("data-seen-look", false);
    if (!isShown) continue;
    const style = getComputedStyle(e);
    places.set(e, number([
      places.get(e.parentElement), e.tagName, own(e, "class"), own(e, "style"),
      ...new Set(Array.from(e.children, (child) => own(child, "style"))),
      e.getClientRects().length > 0,
      e.matches(":disabled, [aria-disabled=true]"), ...LOOK.map((name) => style[name])].join("|")));
    const texts = [...e.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const text = texts.map((node) => node.data).join("").trim();
    const look = `${places.get(e)} ${Math.min(text.length, 2)} ${/[\p{L}\p{N}]/u.test(text)}`;
    window.looks.set(e, look);
    const isSeen = seen.has(look) && !e.matches(OTHERS);
    e.toggleAttribute("data-new-look", !isSeen);
    e.toggleAttribute("data-seen-look", isSeen);
    if (!context || e.closest(context)) seen.add(look);
  }
}"""
# A text that lies partly below something says nothing of its look: then all of that look are asked.
# Before it asks of colours axe measures whatever is in the page: what is not shown waits outside.
RUN = """async ([context, colours, others]) => {
  const contrast = { id: "color-contrast", selector: "[data-new-look]" };
  axe.configure({ rules: [contrast] });
  const run = (more) =>
    axe.run(context || document, { resultTypes: ["violations", "incomplete"], ...more });
  const off = Object.fromEntries(colours.map((rule) => [rule, { enabled: false }]));
  const found = others ? [await run({ rules: off })] : [];
  const shown = (e) => e.checkVisibility();
  const outside = [...document.querySelectorAll("body :not(svg *, select *)")]
    .filter((e) => e.children.length && !shown(e) && shown(e.parentElement))
    .map((e) => [e, [...e.childNodes]]);
  for (const [e] of outside) e.replaceChildren();
  try {
    const first = await run({ runOnly: colours });
    const ofKind = { nonBmp: true, shortTextContent: true };
    const unclear = new Set(first.incomplete.filter((one) => one.id === contrast.id)
      .flatMap((one) => one.nodes).filter((node) => !ofKind[node.any[0].data.messageKey])
      .map((node) => window.looks.get(document.querySelector(node.target[0]))));
    const alike = [...document.querySelectorAll("[data-seen-look]")]
      .filter((e) => unclear.has(window.looks.get(e)));
    for (const e of alike) e.setAttribute("data-new-look", "");
    found.push(first, ...(alike.length ? [await run({ runOnly: [contrast.id] })] : []));
  } finally {
    for (const [e, children] of outside) e.replaceChildren(...children);
  }
  const told = (kind) => found.flatMap((one) => one[kind])
    .map(({ id, help, nodes }) => [id, help, nodes.map((node) => node.html.slice(0, 200))]);
  const kinds = ["passes", "violations", "incomplete"];
  return Object.fromEntries(kinds.map((kind) => [kind, told(kind)]));
}"""
# Hidden and not removed: what is the third of its row remains the third.
LEAVE_OUT = """() => {
  const rows = ":is(li, tr):not(:first-child), details, article, section, div, figure, p";
  for (const e of document.querySelectorAll(`main :is(${rows})[data-seen-look]`))
    if (!e.querySelector(":not([data-seen-look], svg *)"))
      e.style.setProperty("display", "none", "important");
}"""


def leave_one_of_each_look(page: Any) -> None:
    """Hide whatever a page has shown in the same way before: what is hidden costs axe no time."""
    page.evaluate(MARK)
    page.evaluate(LEAVE_OUT)


def asked(page: Any, context: str | None = None, *, others: bool = False) -> dict[str, Any]:
    """Return what axe says of colours: `passes`, `violations`, `incomplete`; `others`: of all else.

    Each is a rule, what it asks for, and where. The page must allow scripts of others, as it does
    with `bypass_csp`. Without `context` all is about the whole page. Another scheme changes nothing
    but colours.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(MARK, context)
    return page.evaluate(RUN, [context, COLOURS, others])


def violations(page: Any, context: str | None = None, *, others: bool = True) -> list[Any]:
    """Return what axe finds against a page or a part of it, as `asked` describes it."""
    found = asked(page, context, others=others)
    assert len(found["passes"]) > (30 if others and not context else 0)
    return found["violations"]

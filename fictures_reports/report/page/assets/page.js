// Switches the views of a page by its address: "#causes", "#cause-1f…", "#tests/failed".
//
// Other scripts of the page use window.fictures_page:
//   follow(view, handler)  calls handler(rest) whenever the address is "#view" or "#view/rest", with
//                          rest "" or what follows the slash, decoded; also now, if it is so now
//   show(view)             shows a view without changing the address
//   replace(hash)          changes the address without a jump, which would take the focus from a field
// The window gets a "viewshown" event when another view is shown, "themechange" with other colours.
// A script that brings a search puts it into #find, in the bar at the top of each view.
"use strict";
(() => {
  const root = document.documentElement;
  const handlers = new Map();
  // Until the views are there only the first is drawn; see shell.css.
  root.classList.add("js");
  try {
    root.dataset.theme = localStorage.getItem("fictures-theme") ?? "";
  } catch {
    // A browser may refuse to keep anything for a file.
  }

  const views = () => Array.from(document.querySelectorAll("main > .view"));
  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  // What an address means: a view and what follows it, or an element within a view.
  function meant(hash) {
    const [name, ...rest] = hash.split("/");
    const view = views().find(({ id }) => id === decoded(name));
    if (view) return { view, rest: decoded(rest.join("/")) };
    const target = document.getElementById(decoded(hash));
    if (target) return { view: target.closest("main > .view"), target };
    return { view: /^cases?[-?]/.test(hash) ? document.querySelector("div.cases")?.closest(".view") : null };
  }

  function show(view) {
    const before = current();
    for (const one of views()) {
      if (one === view) one.removeAttribute("hidden");
      else one.setAttribute("hidden", "until-found");
    }
    for (const link of document.querySelectorAll(".rail nav a")) {
      if (link.hash.slice(1) === view.id) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (view !== before) dispatchEvent(new Event("viewshown"));
  }

  const current = () => views().find((one) => !one.hasAttribute("hidden"));

  function open(target) {
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView();
  }

  function go() {
    if (!root.classList.contains("ready")) return;
    const hash = location.hash.slice(1);
    const { view, rest, target } = hash ? meant(hash) : { view: views()[0], rest: "" };
    if (!view) return;
    const moved = view !== current();
    show(view);
    close();
    if (target) open(target);
    else if (moved) {
      scrollTo(0, 0);
      // The keyboard and a screen reader go on in the new view.
      view.querySelector("h2")?.focus({ preventScroll: true });
    }
    handlers.get(view.id)?.(rest ?? "");
  }

  window.fictures_page = {
    follow(view, handler) {
      handlers.set(view, handler);
      const now = meant(location.hash.slice(1));
      if (root.classList.contains("ready") && now.view?.id === view) handler(now.rest ?? "");
    },
    show(id) {
      const view = document.getElementById(id);
      if (view) show(view);
    },
    replace(hash) {
      history.replaceState(null, "", `#${hash}`);
    },
  };

  const button = (id, name, sign, on) => {
    const made = Object.assign(document.createElement("button"), { type: "button", id, textContent: sign });
    made.className = "bar-button";
    made.setAttribute("aria-label", name);
    made.addEventListener("click", on);
    return made;
  };

  // On a phone the rail is a drawer.
  let menu;
  function close() {
    root.classList.remove("drawn");
    menu?.setAttribute("aria-expanded", "false");
  }
  function toggle() {
    const drawn = root.classList.toggle("drawn");
    menu.setAttribute("aria-expanded", String(drawn));
    if (drawn) document.querySelector(".rail nav a").focus();
  }

  function turn() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("fictures-theme", root.dataset.theme);
    } catch {
      // as above
    }
    dispatchEvent(new Event("themechange"));
  }

  // Gives each cell the name of its column, which stands beside it where rows are blocks.
  function stack(table) {
    if (table.matches(".stacked, .as-blocks")) return;
    table.classList.add("as-blocks");
    const names = [];
    const taken = [];
    Array.from(table.tHead?.rows ?? [], ({ cells }, r) => {
      let at = 0;
      for (const { colSpan, rowSpan, textContent } of cells) {
        while (taken[at] > r) at += 1;
        for (let k = 0; k < colSpan; k += 1, at += 1) {
          names[at] = [names[at], textContent.trim()].filter(Boolean).join(" ");
          taken[at] = r + rowSpan;
        }
      }
    });
    for (const body of table.tBodies) {
      for (const { cells } of body.rows) Array.from(cells, (cell, k) => { cell.dataset.label = names[k] ?? ""; });
    }
  }

  function start() {
    const top = document.querySelector(".top");
    menu = button("menu", "Views", "☰", toggle);
    menu.setAttribute("aria-controls", "rail");
    menu.setAttribute("aria-expanded", "false");
    top.prepend(menu);
    top.append(button("theme", "Light or dark", "◐", turn));
    const scrim = Object.assign(document.createElement("div"), { className: "scrim" });
    scrim.addEventListener("click", close);
    document.querySelector(".rail").before(scrim);
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !root.classList.contains("drawn")) return;
      close();
      menu.focus();
    });
    for (const view of views()) view.addEventListener("beforematch", () => show(view));
    show(views()[0] ?? document.createElement("section"));
    root.classList.add("ready");
    dispatchEvent(new Event("viewshown"));
    go();
    // A link to where one is already changes no address.
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.('a[href^="#"]');
      if (link && link.hash === location.hash) queueMicrotask(go);
    });
    // With the script of the list of tests a number leads to the tests that it counts.
    if (document.querySelector("div.cases")) {
      for (const link of document.querySelectorAll("a[data-tests]")) link.href = `#tests/${link.dataset.tests}`;
    }
    // What scrolls sideways can be reached with the keyboard; what fits is no stop on the way. A
    // table that is wider than a phone becomes a block for each row.
    const stops = new ResizeObserver((entries) => {
      const wide = entries.map(({ target }) => [target, target.scrollWidth > target.clientWidth]);
      if (innerWidth <= 620) for (const [node, scrolls] of wide) if (scrolls) node.querySelectorAll(":scope > table").forEach(stack);
      for (const [node, scrolls] of wide) scrolls ? node.setAttribute("tabindex", "0") : node.removeAttribute("tabindex");
    });
    for (const node of document.querySelectorAll(".scroll, pre.snippet")) stops.observe(node);
  }

  addEventListener("DOMContentLoaded", start);
  // Before the scripts of the views: what they focus must be shown by then.
  addEventListener("hashchange", go);
})();

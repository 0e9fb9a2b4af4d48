// The list of all tests of a history: search, filters, and a panel for each test. The state lives in
// the address: "#tests", "#tests/flaky", "#tests/flaky?story" and "#tests/case-1f…" for a panel.
"use strict";
(() => {
  const PAGE = 100;
  const STEP = 10;
  const TALL = 18;
  const SVG = "http://www.w3.org/2000/svg";
  // Heights of bars, as `tests_packed.py` writes them.
  const LETTERS = "-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const LOOKS = { passed: "passed", xpassed: "passed", xfailed: "passed", failed: "failed", flaky: "flaky", skipped: "skipped", not_run: "skipped", interrupted: "skipped" };
  const SIGNS = { failed: "✗", flaky: "~" };
  const FIELDS = ["id", "title", "place", "standing", "short", "why", "codes", "bars", "longest", "sentence", "facts", "failures", "n", "line"];

  const make = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  const named = (text) => make("bdi", { textContent: text });
  const drawing = (kind, box, said, paths) => {
    const svg = document.createElementNS(SVG, "svg");
    for (const [name, value] of Object.entries({ class: kind, viewBox: box, preserveAspectRatio: "none", role: "img", "aria-label": said })) svg.setAttribute(name, value);
    for (const [look, d] of paths) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", look);
      path.setAttribute("d", d);
      svg.append(path);
    }
    return svg;
  };

  function start(place) {
    const data = JSON.parse(place.querySelector("script").textContent);
    const { runs, columns, grid, codes, names, standings, attention, colours, texts } = data;
    const tests = data.tests.map((values) => Object.fromEntries(FIELDS.map((name, i) => [name, values[i]])));
    const from = runs.length - grid;
    const places = new Map(tests.map(({ id }, i) => [id, i]));
    const haystack = tests.map((test) => [test.title, texts[test.place], texts[test.why], texts[test.short]].join("\n").toLowerCase());
    const list = place.querySelector("ul.rows");
    const view = place.closest(".view");

    const needs = (test) => attention.includes(test.standing);
    const filters = [["attention", "Need a look", needs], ...Object.entries(standings).map(([key, words]) => [key, words[0].toUpperCase() + words.slice(1), (test) => test.standing === key]), ["all", "All", () => true]]
      .map(([key, words, fits]) => ({ key, words, fits, n: tests.filter(fits).length }))
      .filter(({ key, n }) => n || key === "all");
    let chosen = filters[0].key;
    let found = [];
    let shown = 0;
    let open = null;
    let opener = null;

    const search = make("input", { type: "search", autocomplete: "off", placeholder: "Find a test, message or file" });
    search.setAttribute("aria-label", "Find a test, message or file");
    const chips = make("div", { className: "chips" });
    for (const { key, words, n } of filters) {
      const chip = make("button", { type: "button" }, words, make("b", { textContent: n.toLocaleString("en") }));
      chip.dataset.key = key;
      chip.addEventListener("click", () => choose(key, search.value));
      chips.append(chip);
    }
    const said = make("p", { className: "which" });
    said.setAttribute("role", "status");
    const more = make("button", { type: "button", textContent: "Show more" });
    more.addEventListener("click", () => draw());
    const form = make("form", { className: "history-find" }, search, chips);
    form.setAttribute("role", "search");
    form.addEventListener("submit", (event) => event.preventDefault());
    place.prepend(form, said);
    place.append(more);

    const runsOf = (test, ...wanted) => Array.from(test.codes.slice(-columns)).filter((code) => wanted.includes(codes[code])).length;

    // What failed in an outage, and what was on another branch, is faded.
    const lookOf = (test, look, run) => `${look === "failed" && runs[run][3] ? "outage" : look}${runs[run][4] === test.line ? "" : " beside"}`;

    function cells(test) {
      const last = test.codes.slice(-columns);
      const first = runs.length - last.length;
      const paths = {};
      Array.from(last, (code, i) => {
        const look = LOOKS[codes[code]];
        if (!look) return;
        const [top, bottom] = look === "flaky" ? [TALL / 3, TALL] : look === "skipped" ? [8, 10] : [0, TALL];
        const name = lookOf(test, look, first + i);
        paths[name] = `${paths[name] ?? ""}M${i * STEP} ${top}h${STEP - 1}v${bottom - top}h-${STEP - 1}z`;
      });
      const n = last.length;
      const words = `the last ${n} ${n === 1 ? "run" : "runs"}: failed in ${runsOf(test, "failed")}, passed only on a retry in ${runsOf(test, "flaky")}`;
      return drawing("cells", `0 0 ${n * STEP} ${TALL}`, words, Object.entries(paths));
    }

    function row(i) {
      const test = tests[i];
      const state = make("div", { className: "state" }, make("span", { className: `standing ${colours[test.standing]}`, textContent: texts[test.short] }));
      if (texts[test.why]) state.append(" ", make("small", { className: "why" }, named(texts[test.why])));
      const line = make("li", { className: "row" },
        make("div", { className: "name" }, make("a", { href: `#tests/${test.id}` }, named(test.title)), " ", make("small", {}, named(texts[test.place]))),
        make("div", { className: "plot" }, cells(test)), state);
      line.dataset.id = test.id;
      if (test.id === open) line.setAttribute("aria-current", "true");
      return line;
    }

    function draw() {
      const next = found.slice(shown, shown + PAGE);
      list.append(...next.map(row));
      shown += next.length;
      more.hidden = shown >= found.length;
      said.textContent = found.length ? `${shown.toLocaleString("en")} of ${found.length.toLocaleString("en")} shown` : "No test fits.";
    }

    function list_again() {
      const words = search.value.trim().toLowerCase();
      const { fits } = filters.find(({ key }) => key === chosen);
      found = tests.flatMap((test, i) => (fits(test) && haystack[i].includes(words) ? [i] : []));
      shown = 0;
      list.replaceChildren();
      draw();
      for (const chip of chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.key === chosen));
    }

    const address = () => `tests/${chosen}${search.value ? `?${encodeURIComponent(search.value)}` : ""}`;

    function choose(key, words) {
      chosen = key;
      search.value = words;
      window.fictures_page.replace(address());
      list_again();
    }

    // A search looks through all tests, whatever was chosen before.
    search.addEventListener("input", () => choose(search.value && chosen === "attention" ? "all" : chosen, search.value));

    function bars(test) {
      const first = runs.length - test.codes.length;
      const paths = {};
      Array.from(test.codes, (code, i) => {
        const look = LOOKS[codes[code]];
        if (!look) return;
        const name = lookOf(test, look, first + i);
        const level = test.bars ? LETTERS.indexOf(test.bars[i]) : 0;
        const high = level > 0 ? Math.max(2, level) : 2;
        const mark = { failed: 12, flaky: 6 }[look];
        paths[name] = `${paths[name] ?? ""}M${i * STEP} ${64 - high}h${STEP - 1}v${high}h-${STEP - 1}z${mark ? `M${i * STEP} 68h${STEP - 1}v${mark}h-${STEP - 1}z` : ""}`;
      });
      const n = test.codes.length;
      const words = `${texts[test.sentence]} A bar for each of the last ${n} runs.`;
      return drawing("bars", `0 0 ${n * STEP} 82`, words, Object.entries(paths));
    }

    function failures(test) {
      const lines = test.failures.map(([run, code, why]) => {
        const [label, when, branch, outage] = runs[run];
        const status = codes[code];
        const sign = make("span", { className: `sign ${status}`, textContent: SIGNS[status] ?? "?" });
        sign.setAttribute("aria-hidden", "true");
        return make("li", {}, sign,
          make("div", {}, when || named(label), make("span", { className: "run" }, named([when && label, branch].filter(Boolean).join(", ")))),
          make("div", {}, make("span", { className: "unseen", textContent: `${names[status]}: ` }), named(texts[why] || "no reason given"), outage ? make("span", { className: "run", textContent: "outage, not counted" }) : ""));
      });
      const left = test.n - test.failures.length;
      return [
        make("h4", { textContent: left > 0 ? `The newest ${test.failures.length} of ${test.n.toLocaleString("en")} failures` : "Every failure, newest first" }),
        make("ul", { className: "failures" }, ...lines),
      ];
    }

    function button(words, name, on) {
      const made = make("button", { type: "button", textContent: words });
      if (name) made.setAttribute("aria-label", name);
      made.addEventListener("click", on);
      return made;
    }

    const panel = make("section", { className: "test-panel", hidden: true, tabIndex: -1 });
    panel.setAttribute("aria-label", "The test");
    view.append(panel);

    const step = (by) => {
      const at = found.indexOf(places.get(open)) + by;
      if (at >= 0 && at < found.length) location.hash = `tests/${tests[found[at]].id}`;
    };

    async function copy(event) {
      const { target } = event;
      try {
        await navigator.clipboard.writeText(location.href);
        target.textContent = "Copied";
      } catch {
        target.textContent = "Not copied: the browser forbids it";
      }
    }

    function show(id) {
      const test = tests[places.get(id)];
      open = id;
      // A link into the page may name a test that the list does not show.
      if (!found.includes(places.get(id))) {
        chosen = "all";
        search.value = "";
        list_again();
      }
      const at = found.indexOf(places.get(id));
      while (shown <= at) draw();
      for (const line of list.children) {
        if (line.dataset.id === id) line.setAttribute("aria-current", "true");
        else line.removeAttribute("aria-current");
      }
      const facts = make("dl", {}, ...test.facts.flatMap(([name, value]) => {
        const code = texts[name].startsWith("$");
        return [make("dt", { textContent: texts[name].replace("$", "") }), make("dd", {}, code ? make("code", { textContent: texts[value] }) : named(texts[value]))];
      }));
      const n = test.codes.length;
      const height = test.longest ? `Height: duration, at most ${test.longest}. ` : "";
      panel.replaceChildren(
        make("div", { className: "bar" }, make("span", { textContent: `${at + 1} of ${found.length}` }), button("↑", "Previous test", () => step(-1)), button("↓", "Next test", () => step(1)), button("Copy link", "", copy), button("✕", "Close", close)),
        make("p", { className: "place" }, named(texts[test.place])), make("h3", {}, named(test.title)),
        make("p", { className: "sentence" }, named(texts[test.sentence])), bars(test),
        make("p", { className: "caption", textContent: `${n < runs.length ? `The last ${n} of ${runs.length.toLocaleString("en")} runs` : `All ${n} runs`}, the latest at the right. ${height}Below: failed (long), passed on a retry (short).` }),
        ...(test.facts.length ? [facts] : []), ...(test.failures.length ? failures(test) : []),
      );
      panel.hidden = false;
      panel.scrollTop = 0;
      panel.focus({ preventScroll: true });
    }

    function hide() {
      if (panel.hidden) return;
      panel.hidden = true;
      const line = list.querySelector("[aria-current]");
      line?.removeAttribute("aria-current");
      open = null;
      return line;
    }

    function close() {
      const line = hide();
      const back = opener?.isConnected && opener.closest(".view") !== view ? opener : null;
      opener = null;
      if (back) {
        location.hash = back.closest(".view").id;
        setTimeout(() => back.focus());
        return;
      }
      window.fictures_page.replace(address());
      (line?.querySelector("a") ?? search).focus();
    }

    document.addEventListener("click", (event) => {
      const link = event.target.closest?.('a[href^="#tests/"]');
      if (link) opener = link;
    });
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape" && !panel.hidden) close();
      if (event.target.closest?.("input, textarea, select")) return;
      if (event.key === "/") {
        event.preventDefault();
        window.fictures_page.show("tests");
        search.focus();
      } else if (open && (event.key === "j" || event.key === "k")) step(event.key === "j" ? 1 : -1);
    });
    addEventListener("viewshown", () => {
      if (view.hasAttribute("hidden")) hide();
    });

    list_again();
    window.fictures_page.follow("tests", (rest) => {
      if (places.has(rest)) return show(rest);
      hide();
      const [key, words] = rest.split("?");
      if (filters.some((one) => one.key === key)) {
        chosen = key;
        search.value = words ?? "";
        list_again();
      }
    });
  }

  addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll("div.history-tests")) start(place);
  });
})();

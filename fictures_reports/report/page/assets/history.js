// The list of all tests of a history: search, filters, and a panel for each test. The state lives in
// the address: "#tests", "#tests/flaky", "#tests/all?q=story&project=webkit", "#tests/case-1f…".
"use strict";
(() => {
  const PAGE = 100;
  const make = window.fictures_make;
  // What tests differ in, in the order of `where` in the data.
  const PLACES = [["project", "Project"], ["variant", "Variant"], ["branch", "Branch"], ["stream", "Stream"]];

  function start(place) {
    const page = window.fictures_page;
    const data = JSON.parse(place.querySelector("script").textContent);
    const drawn = window.fictures_history(data);
    const icons = window.fictures_words({});
    const fill = window.fictures_history_panel(data, drawn, icons);
    const { standings, attention, colours } = data;
    const { tests, texts } = drawn;
    const places = new Map(tests.map(({ id }, i) => [id, i]));
    const haystack = tests.map((test) => [test.title, texts[test.place], texts[test.why], texts[test.short]].join("\n").toLowerCase());
    const list = place.querySelector("ul.rows");
    const view = place.closest(".view");

    const filters = [["attention", "Need a look", (test) => attention.includes(test.standing)], ...Object.entries(standings).map(([key, words]) => [key, icons.capital(words), (test) => test.standing === key]), ["all", "All", () => true]]
      .map(([key, words, fits]) => ({ key, words, fits, n: tests.filter(fits).length }))
      .filter(({ key, n }) => n || key === "all");
    const state = { filter: filters[0].key, query: "", also: {} };
    let found = [];
    let shown = 0;
    let open = null;
    let opener = null;

    const label = "Find a test, message or file";
    const search = make("input", { type: "search", id: "test-search", autocomplete: "off", placeholder: label });
    const form = make("form", { className: "find", aria: { role: "search" } }, make("label", { className: "unseen", htmlFor: search.id, textContent: label }), search, make("kbd", { textContent: "/", aria: { hidden: "true" } }));
    form.addEventListener("submit", (event) => event.preventDefault());
    const chips = make("div", { className: "filters", aria: { role: "group", label: "Which tests" } });
    for (const { key, words, n } of filters) {
      const chip = make("button", { type: "button", className: "chip" }, words, " ", make("b", { textContent: n.toLocaleString("en") }));
      chip.dataset.key = key;
      chip.addEventListener("click", () => choose({ filter: key }));
      chips.append(chip);
    }
    const selects = PLACES.flatMap(([name, words], k) => {
      const values = [...new Set(tests.map((test) => texts[test.where[k]]))].sort();
      if (values.length < 2) return [];
      const select = make("select", {}, make("option", { value: "", textContent: "all" }), ...values.map((value, i) => make("option", { value: String(i + 1), textContent: value || "none" })));
      select.addEventListener("change", () => choose({ also: { ...state.also, [name]: values[select.value - 1] } }));
      return [{ name, k, values, select, node: make("label", {}, `${words} `, select) }];
    });
    const also = make("p", { className: "choices" }, ...selects.map(({ node }) => node));
    const said = make("p", { className: "which", aria: { role: "status" } });
    const more = make("button", { type: "button", className: "more", textContent: "Show more" });
    more.addEventListener("click", () => draw());

    const frame = window.fictures_frame("One test", {
      step,
      find() {
        page.show(view.id);
        search.focus();
        search.select();
      },
      closed() {
        open = null;
        mark();
        if (!placeOf(location.hash)) return;
        const back = opener?.closest(".view");
        if (back && back !== view) {
          page.replace(back.id);
          page.show(back.id);
        } else page.replace(address());
      },
    });
    const left = make("div", { className: "beside panelled" }, ...place.children, more);
    (document.getElementById("find") ?? place).append(form);
    place.append(chips, also, said, make("div", { className: "split" }, left, frame.node));

    function row(i) {
      const test = tests[i];
      const how = make("div", { className: "state" }, icons.icon(colours[test.standing]), " ", make("span", { className: `standing ${colours[test.standing]}`, textContent: texts[test.short] }));
      if (texts[test.why]) how.append(" ", make("small", { className: "why" }, icons.named(texts[test.why])));
      const line = make("li", { className: "row" },
        make("div", { className: "name" }, make("a", { href: `#tests/${test.id}` }, icons.named(test.title)), " ", make("small", {}, icons.named(texts[test.place]))),
        make("div", { className: "plot" }, drawn.cells(test)), how);
      line.dataset.id = test.id;
      return line;
    }

    const lineOf = (id) => Array.from(list.children).find((line) => line.dataset.id === id);

    function mark() {
      list.querySelector("[aria-current]")?.removeAttribute("aria-current");
      lineOf(open)?.setAttribute("aria-current", "true");
    }

    function draw() {
      const next = found.slice(shown, shown + PAGE);
      list.append(...next.map(row));
      shown += next.length;
      more.hidden = shown >= found.length;
      const part = shown < found.length ? `, the first ${shown.toLocaleString("en")} listed` : "";
      said.textContent = found.length ? `${found.length.toLocaleString("en")} of ${tests.length.toLocaleString("en")} tests${part}` : "No test fits.";
    }

    function list_again() {
      const words = state.query.trim().toLowerCase();
      const { fits } = filters.find(({ key }) => key === state.filter);
      const chosen = selects.filter(({ name }) => state.also[name] !== undefined);
      const here = (test) => chosen.every(({ name, k }) => texts[test.where[k]] === state.also[name]);
      found = tests.flatMap((test, i) => (fits(test) && here(test) && haystack[i].includes(words) ? [i] : []));
      shown = 0;
      list.replaceChildren();
      draw();
      if (search.value !== state.query) search.value = state.query;
      for (const chip of chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.key === state.filter));
      for (const { name, values, select } of selects) select.value = state.also[name] === undefined ? "" : String(values.indexOf(state.also[name]) + 1);
    }

    function address() {
      const query = new URLSearchParams();
      if (state.query) query.set("q", state.query);
      for (const [name, value] of Object.entries(state.also)) if (value !== undefined) query.set(name, value);
      return `tests/${state.filter}${query.size ? `?${query}` : ""}`;
    }

    function choose(change) {
      Object.assign(state, change);
      opener = null;
      frame.close(true);
      page.replace(address());
      list_again();
    }

    // A search looks through all tests, whatever was chosen before.
    search.addEventListener("input", () => {
      page.show(view.id);
      choose({ query: search.value, filter: search.value && state.filter === "attention" ? "all" : state.filter });
    });
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      event.preventDefault();
      list.querySelector("a")?.focus();
    });

    function step(by) {
      const at = open === null ? 0 : found.indexOf(places.get(open)) + by;
      if (!(at in found) || (open === null && by < 0)) return;
      const { id } = tests[found[at]];
      history[open === null ? "pushState" : "replaceState"](null, "", `#tests/${id}`);
      opener = null;
      unfold(id);
    }

    function unfold(id) {
      const i = places.get(id);
      // A link into the page may name a test that the list does not show.
      if (!found.includes(i)) {
        Object.assign(state, { filter: "all", query: "", also: {} });
        list_again();
      }
      const at = found.indexOf(i);
      while (shown <= at) draw();
      open = id;
      mark();
      fill(frame.body, tests[i]);
      frame.open({
        position: `${(at + 1).toLocaleString("en")} of ${found.length.toLocaleString("en")}`, before: at > 0, after: at + 1 < found.length,
        link: location.href.replace(/#.*$/, `#tests/${id}`), from: () => (opener?.isConnected ? opener : lineOf(id)?.querySelector("a") ?? search),
      });
    }

    const placeOf = (hash) => {
      const id = /^#tests\/([^?]*)$/.exec(hash)?.[1];
      return id && places.has(id) ? id : null;
    };

    document.addEventListener("click", (event) => {
      const link = event.target.closest?.('a[href^="#tests/"]');
      if (link) opener = link;
    });
    addEventListener("viewshown", () => {
      if (view.hasAttribute("hidden")) frame.close(true);
    });

    for (const link of document.querySelectorAll("a[data-tests]")) link.href = `#tests/${link.dataset.tests}`;
    list_again();
    page.follow("tests", () => {
      const id = placeOf(location.hash);
      if (id) return unfold(id);
      frame.close(true);
      const [, filter, query] = /^#tests(?:\/([^?]*))?(?:\?(.*))?$/.exec(location.hash) ?? [];
      const asked = new URLSearchParams(query ?? "");
      if (filter && !filters.some(({ key }) => key === filter)) return;
      const given = selects.filter(({ name, values }) => values.includes(asked.get(name)));
      Object.assign(state, { filter: filter || filters[0].key, query: asked.get("q") ?? "", also: Object.fromEntries(given.map(({ name }) => [name, asked.get(name)])) });
      list_again();
    });
  }

  addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll("div.history-tests")) start(place);
  });
})();

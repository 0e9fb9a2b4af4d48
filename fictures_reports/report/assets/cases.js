// Search and filter over all cases; the state lives in the address, so that a link can point at it.
"use strict";
(() => {
  const MARKS = { passed: "✓", flaky: "≈", failed: "✗", skipped: "–", not_run: "○", xfailed: "✓", xpassed: "!", interrupted: "■", absent: "·" };
  const NAMES = { status: "status", before: "before", change: "change", category: "category", category_before: "category before", file: "file", project: "project" };
  const PAGE = 100;

  const make = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  const spoken = (text) => text.replaceAll("_", " ");
  const time = (s) => (s == null ? "–" : s < 1 ? `${Math.round(s * 1000)} ms` : s < 120 ? `${s.toFixed(1)} s` : `${(s / 60).toFixed(1)} min`);

  // A number in a table leads to the cases that it counts.
  function lead(cell) {
    const link = make("a", { href: `#cases?${cell.dataset.cases}`, textContent: cell.textContent });
    link.setAttribute("aria-label", `${cell.textContent}, list these cases`);
    cell.replaceChildren(link);
  }

  function start(place) {
    const { facets, columns, of } = JSON.parse(place.querySelector("script").textContent);
    const n = columns.title.length;
    // One lower-case text per case, made once: a search is then a plain look through strings.
    const texts = columns.title.map((title, i) =>
      `${title}\n${facets.file[columns.file[i]]}\n${facets.project[columns.project[i]]}\n${columns.why[i] ?? ""}`.toLowerCase(),
    );
    const used = Object.keys(NAMES).filter((name) => facets[name].length > 1);
    const controls = {};
    const form = make("form", { className: "filters", role: "search", tabIndex: -1 });
    form.addEventListener("submit", (event) => event.preventDefault());
    const search = make("input", { type: "search", id: "case-search", autocomplete: "off", placeholder: "title, file, reason …" });
    form.append(make("label", { htmlFor: "case-search", textContent: "Search " }), search);
    for (const name of used) {
      const select = make("select", { id: `case-${name}` }, make("option", { value: "", textContent: `any ${NAMES[name]}` }));
      const counts = new Array(facets[name].length).fill(0);
      for (const value of columns[name]) counts[value] += 1;
      facets[name].forEach((value, i) => select.append(make("option", { value, textContent: `${spoken(value) || "none"} (${counts[i]})` })));
      controls[name] = select;
      form.append(make("label", { htmlFor: select.id, className: "unseen", textContent: NAMES[name] }), select);
    }
    const said = make("p", { className: "said" });
    said.setAttribute("role", "status");
    const body = make("tbody");
    const head = make("tr", {}, ...["test", "status", "why", "duration"].map((text) => make("th", { scope: "col", textContent: text })));
    const table = make("div", { className: "scroll" }, make("table", {}, make("thead", {}, head), body));
    const more = make("button", { type: "button", textContent: "Show more" });
    place.append(form, said, table, more);

    let found = [];
    let shown = 0;

    function row(i) {
      const id = `case-${columns.id[i]}`;
      const title = columns.title[i];
      const name = document.getElementById(id) ? make("a", { href: `#${id}` }, make("bdi", { textContent: title })) : make("bdi", { textContent: title });
      const file = make("small", { className: "where" }, make("bdi", { textContent: facets.file[columns.file[i]] }));
      const project = facets.project[columns.project[i]];
      if (project) file.append(" [", make("bdi", { textContent: project }), "]");
      const status = facets.status[columns.status[i]];
      const state = make("span", { className: `status ${status}`, textContent: `${MARKS[status] ?? "?"} ${spoken(status)}` });
      const change = facets.change[columns.change[i]];
      const cell = make("td", {}, state);
      if (change) cell.append(make("br"), make("small", { textContent: spoken(change) }));
      const head = make("th", { scope: "row" }, name, " ", file);
      const why = make("td", {});
      const side = status === "absent" ? "category_before" : "category";
      const category = facets[side][columns[side][i]];
      if (category) why.append(make("code", { textContent: category }), " ");
      why.append(make("bdi", { className: "why", textContent: columns.why[i] ?? "" }));
      return make("tr", {}, head, cell, why, make("td", { className: "n", textContent: time(columns.seconds[i]) }));
    }

    function extend() {
      const next = found.slice(shown, shown + PAGE);
      body.append(...next.map(row));
      shown += next.length;
      more.hidden = shown >= found.length;
      said.textContent = `${found.length.toLocaleString("en")} of ${n.toLocaleString("en")} ${n < of ? "listed " : ""}cases${shown < found.length ? `, the first ${shown} shown` : ""}`;
    }

    function filter() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = used.filter((name) => controls[name].value !== "" || controls[name].selectedIndex > 0)
        .map((name) => [columns[name], controls[name].selectedIndex - 1]);
      found = [];
      for (let i = 0; i < n; i += 1) {
        if (wanted.every(([column, value]) => column[i] === value) && words.every((word) => texts[i].includes(word))) found.push(i);
      }
      body.replaceChildren();
      shown = 0;
      extend();
    }

    function remember() {
      const state = new URLSearchParams();
      if (search.value) state.set("q", search.value);
      for (const name of used) if (controls[name].selectedIndex > 0) state.set(name, controls[name].value);
      history.replaceState(null, "", `#${state.size ? `cases?${state}` : "All-cases"}`);
    }

    function recall() {
      const match = /^#cases\?(.*)$/.exec(location.hash);
      if (!match) return false;
      const state = new URLSearchParams(match[1]);
      search.value = state.get("q") ?? "";
      for (const name of used) {
        const at = facets[name].indexOf(state.get(name));
        controls[name].selectedIndex = at + 1;
      }
      return true;
    }

    // An address without a filter takes it off; that of one case, opened from the list, does not.
    function forget() {
      if (location.hash.startsWith("#case-")) return;
      const controlled = used.filter((name) => controls[name].selectedIndex > 0);
      if (!search.value && !controlled.length) return;
      search.value = "";
      for (const name of controlled) controls[name].selectedIndex = 0;
      filter();
    }

    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => { filter(); remember(); }, n > 20000 ? 120 : 0);
    });
    more.addEventListener("click", extend);
    addEventListener("hashchange", () => {
      clearTimeout(timer);
      if (!recall()) return forget();
      filter();
      // The keyboard goes on where the reader looks, not at the link far above.
      form.focus({ preventScroll: true });
      place.scrollIntoView();
    });
    for (const cell of document.querySelectorAll("[data-cases]")) lead(cell);
    const pointed = recall();
    filter();
    place.dataset.ready = "yes";
    if (pointed) place.scrollIntoView();
  }

  document.documentElement.classList.add("js");
  for (const place of document.querySelectorAll("div.cases")) start(place);
})();

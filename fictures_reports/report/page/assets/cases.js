// Search and filter over all cases, and a panel for each; the state lives in the address, so that a
// link can point at it.
"use strict";
(() => {
  const MARKS = { passed: "✓", flaky: "≈", failed: "✗", skipped: "–", not_run: "○", xfailed: "✓", xpassed: "!", interrupted: "■", absent: "·" };
  const NAMES = { status: "status", before: "before", change: "change", category: "category", category_before: "category before", file: "file", project: "project" };
  // What a digit of a case's past stands for.
  const PAST = ["passed", "failed", "flaky", "skipped", "not_run", "xfailed", "xpassed", "interrupted", "absent"];
  const PAGE = 100;

  const make = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  const KINDS = { status: "status", before: "status", change: "change", category: "category", category_before: "category" };
  const time = (s) => (s == null ? "–" : s < 1 ? `${Math.round(s * 1000)} ms` : s < 120 ? `${s.toFixed(1)} s` : `${(s / 60).toFixed(1)} min`);

  // A number in a table leads to the cases that it counts.
  function lead(cell) {
    const link = make("a", { href: `#cases?${cell.dataset.cases}`, textContent: cell.textContent });
    link.setAttribute("aria-label", `${cell.textContent}, list these cases`);
    cell.replaceChildren(link);
  }

  function start(place) {
    const { facets, columns, shared, of, runs, words, names } = JSON.parse(place.querySelector("script").textContent);
    const n = columns.title.length;
    // What the report calls a status, change or category; anything else is called what it is.
    const spoken = (value, facet) => {
      const known = names[KINDS[facet]] ?? {};
      return Object.hasOwn(known, value) ? known[value] : value;
    };
    // A column in which all are alike is left out, and a number that none has.
    const facet = (name, i) => facets[name][columns[name]?.[i] ?? 0];
    const number = (name, i) => columns[name]?.[i] ?? null;
    // The cases with evidence have their panel there.
    const proven = new Set(Array.from(document.querySelectorAll("details.case > .here"), ({ id }) => id));

    // What is known of a case on one side, "" for the newer.
    function sideOf(i, end) {
      const status = facet(end ? "before" : "status", i);
      return {
        status, category: facet(`category${end}`, i), why: shared.whys[columns[`why${end}`][i]] ?? "",
        seconds: number(`seconds${end}`, i), worker: number(`worker${end}`, i), shard: number(`shard${end}`, i),
        tries: shared.tries[columns[`tries${end}`][i]], excerpt: shared.excerpts[columns[`excerpt${end}`][i]],
      };
    }
    const endOf = (i) => (facet("status", i) === "absent" ? "_before" : "");
    // One lower-case text per case, made once: a search is then a plain look through strings.
    const texts = columns.title.map((title, i) =>
      `${title}\n${facet("file", i)}\n${facet("project", i)}\n${shared.whys[columns[`why${endOf(i)}`][i]] ?? ""}`.toLowerCase(),
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
      facets[name].forEach((value, i) => select.append(make("option", { value, textContent: `${spoken(value, name) || "none"} (${counts[i]})` })));
      controls[name] = select;
      form.append(make("label", { htmlFor: select.id, className: "unseen", textContent: NAMES[name] }), select);
    }
    const said = make("p", { className: "said" });
    said.setAttribute("role", "status");
    const notice = make("p", { className: "warning", hidden: true });
    notice.setAttribute("role", "status");
    // A case that a link points at and that the list does not show stands apart, before the others.
    const apart = make("tbody");
    const body = make("tbody");
    const head = make("tr", {}, ...["test", "status", "why", "duration"].map((text) => make("th", { scope: "col", textContent: text })));
    const table = make("div", { className: "scroll" }, make("table", {}, make("thead", {}, head), apart, body));
    const more = make("button", { type: "button", textContent: "Show more" });
    place.append(form, said, notice, table, more);

    let found = [];
    let shown = 0;
    let open = null;

    const named = (text) => make("bdi", { textContent: text });
    const mark = (status) => make("span", { className: `status ${status}`, textContent: `${MARKS[status] ?? "?"} ${spoken(status, "status")}` });

    function where(i) {
      const line = number("line", i);
      const project = facet("project", i);
      return [named(facet("file", i)), line == null ? "" : `:${line}`, ...(project ? [" [", named(project), "]"] : [])];
    }

    function row(i) {
      const id = `case-${columns.id[i]}`;
      const link = make("a", { href: `#${id}` }, named(columns.title[i]));
      if (!proven.has(id)) link.setAttribute("aria-expanded", "false");
      const side = sideOf(i, endOf(i));
      const change = facet("change", i);
      const cell = make("td", {}, mark(facet("status", i)));
      if (change) cell.append(make("br"), make("small", { textContent: spoken(change, "change") }));
      const why = make("td", {});
      if (side.category) why.append(`${spoken(side.category, "category")}: `);
      why.append(make("bdi", { className: "why", textContent: side.why }));
      const line = make("tr", {},
        make("th", { scope: "row" }, link, " ", make("small", { className: "where" }, ...where(i))),
        cell, why, make("td", { className: "n", textContent: time(side.seconds) }));
      line.dataset.place = i;
      return line;
    }

    function proof(i, end, name) {
      const side = sideOf(i, end);
      const [rule, phase, location, before, words, after] = side.excerpt ?? [];
      const facts = [
        side.seconds != null && time(side.seconds), side.tries && `${side.tries} attempts`,
        side.worker != null && `worker ${side.worker}`, side.shard != null && `shard ${side.shard}`,
      ].filter(Boolean);
      const line = make("p", {}, ...(name ? [make("b", { textContent: `${name}:` }), " "] : []), mark(side.status));
      const add = (text, value) => value && line.append(text, make("code", {}, named(value)));
      if (side.category) line.append(`, ${spoken(side.category, "category")}`);
      add(" by rule ", rule);
      add(" in ", phase === "call" ? "" : phase);
      if (facts.length) line.append(`, ${facts.join(", ")}`);
      add(", at ", location);
      const all = make("div", { className: "proof" }, line);
      const told = `${before ?? ""}${words ?? ""}${after ?? ""}`;
      // The reason is more often than not the message's first line.
      if (side.why && !told.startsWith(side.why)) all.append(make("p", { className: "why" }, named(side.why)));
      if (told) all.append(make("pre", { className: "message", dir: "auto" }, before, ...(words ? [make("mark", { textContent: words })] : []), after));
      return all;
    }

    // What it did in the last runs, in words and as a strip of marks.
    function past(i) {
      const [digits, often, last] = facet("strip", i);
      if (!digits) return [];
      const strip = make("ol", { className: "strip", tabIndex: 0 });
      strip.setAttribute("aria-label", `the last ${digits.length} runs, the oldest first`);
      Array.from(digits, (digit, k) => {
        const [label, day] = runs[k];
        const status = PAST[digit];
        const said = `${label}${day ? `, ${day}` : ""}: ${spoken(status, "status")}`;
        const mark = make("span", { textContent: MARKS[status] });
        mark.setAttribute("aria-hidden", "true");
        strip.append(make("li", { className: `status ${status}`, title: said }, mark, make("span", { className: "unseen" }, named(said))));
      });
      return [make("p", { className: "past" }, named(`${words[often]}; ${words[last]}.`)), strip];
    }

    // What the page does not hold of a case, and where that is.
    function missing(i) {
      const parts = facet("category", i) || facet("category_before", i) ? "Source lines, output, attachments and what a message says beyond this are" : "What it printed and attached is";
      return make("p", {}, `${parts} not on this page but in the rows (`, make("code", { textContent: "fictures-reports results" }), ").");
    }

    function panel(i) {
      const about = make("p", { className: "where" }, ...where(i));
      for (const text of [facet("suite", i), facet("tags", i)]) if (text) about.append(" · ", named(text));
      const change = facet("change", i);
      if (change) about.append(" ", make("span", { className: `label ${change}`, textContent: spoken(change, "change") }));
      const sides = change ? [proof(i, "_before", "Before"), proof(i, "", "After")] : [proof(i, "", "")];
      return make("tr", { className: "panel", id: "case-panel" }, make("td", { colSpan: 4 }, make("div", {}, about, ...past(i), ...sides, missing(i))));
    }

    function fold() {
      if (!open) return;
      open.link.removeAttribute("id");
      open.link.setAttribute("aria-expanded", "false");
      open.link.removeAttribute("aria-controls");
      open.below.remove();
      apart.replaceChildren();
      open = null;
    }

    // The open case has its anchor on its title: what looks for it by its address, as the browser does, goes there.
    function unfold(line) {
      const i = Number(line.dataset.place);
      const link = line.querySelector("a");
      const below = panel(i);
      link.id = `case-${columns.id[i]}`;
      link.setAttribute("aria-expanded", "true");
      link.setAttribute("aria-controls", below.id);
      line.after(below);
      open = { line, link, below };
    }

    function show(i) {
      let line = body.querySelector(`tr[data-place="${i}"]`);
      if (!line) {
        line = row(i);
        const why = found.includes(i) ? "It stands further down in this list." : "The filter of this list leaves it out.";
        line.querySelector("th").append(make("small", { className: "apart", textContent: `The case that the address points at. ${why}` }));
        apart.replaceChildren(line);
      }
      unfold(line);
      open.link.scrollIntoView();
      open.link.focus({ preventScroll: true });
    }

    // Opens what the address points at; tells whether that is a case.
    function follow() {
      const match = /^#case-([0-9a-f]+)$/.exec(location.hash);
      if (!match) return false;
      if (proven.has(location.hash.slice(1))) return true;
      const i = columns.id.indexOf(match[1]);
      if (i >= 0) {
        show(i);
        return true;
      }
      notice.textContent = `The case that the address points at is not on this page: ${n < of ? "it may be one of those that the list leaves out" : "none of its cases is that one"}.`;
      notice.hidden = false;
      form.focus({ preventScroll: true });
      place.scrollIntoView();
      return true;
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
      fold();
      notice.hidden = true;
      body.replaceChildren();
      shown = 0;
      extend();
    }

    function remember() {
      const state = new URLSearchParams();
      if (search.value) state.set("q", search.value);
      for (const name of used) if (controls[name].selectedIndex > 0) state.set(name, controls[name].value);
      history.replaceState(null, "", `#${state.size ? `cases?${state}` : "tests"}`);
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

    // An address without a filter takes it off; that of one case does not.
    function forget() {
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
    // In the list a case opens where it stands, which following its link would scroll away.
    table.addEventListener("click", (event) => {
      const link = event.target.closest("a[aria-expanded]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      const line = link.closest("tr");
      const again = open?.line === line;
      fold();
      notice.hidden = true;
      if (again) {
        remember();
        if (!line.isConnected) form.focus();
        return;
      }
      if (location.hash !== link.hash) history.pushState(null, "", link.hash);
      unfold(line);
      // Of a panel that is higher than the window its top matters, with the title above it.
      for (const part of [open.below, line]) part.scrollIntoView({ block: "nearest" });
    });
    addEventListener("hashchange", () => {
      clearTimeout(timer);
      fold();
      notice.hidden = true;
      if (!recall()) return follow() || forget();
      filter();
      // The keyboard goes on where the reader looks, not at the link far above.
      form.focus({ preventScroll: true });
      place.scrollIntoView();
    });
    for (const cell of document.querySelectorAll("[data-cases]")) lead(cell);
    const ids = new Set(columns.id);
    for (const name of document.querySelectorAll("[data-case]")) {
      const { case: id } = name.dataset;
      if (ids.has(id.slice(5))) name.replaceWith(make("a", { href: `#${id}` }, ...name.childNodes));
    }
    const pointed = recall();
    filter();
    place.dataset.ready = "yes";
    if (pointed) place.scrollIntoView();
    else follow();
  }

  document.documentElement.classList.add("js");
  for (const place of document.querySelectorAll("div.cases")) start(place);
})();

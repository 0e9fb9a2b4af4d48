// One list of all tests with a panel beside it. The address says what is shown: "#tests/failing",
// "#tests/failing?q=login&group=file", "#tests/<id>"; "#case-<id>" and "#cases?status=failed" lead here.
"use strict";
(() => {
  const make = window.fictures_make;

  // A number in a table leads to the cases that it counts.
  function lead(cell) {
    const link = make("a", { href: `#cases?${cell.dataset.cases}`, textContent: cell.textContent });
    link.setAttribute("aria-label", `${cell.textContent}, list these cases`);
    cell.replaceChildren(link);
  }

  async function start(place) {
    const page = window.fictures_page;
    const view = place.closest("main > .view")?.id ?? "tests";
    const said = await window.fictures_document(place.querySelector("script").textContent);
    const cases = window.fictures_cases(said);
    const words = window.fictures_words(said.names);
    const filters = window.fictures_filters(cases, words);
    const rows = window.fictures_rows(cases, words, view);
    const panel = window.fictures_panel(cases, words, said);
    const proofs = document.querySelector(".proofs");
    const appendix = proofs && window.fictures_appendix(proofs);
    const state = { filter: "all", also: {}, query: "", group: rows.groupings[0] ?? "", apart: false };
    let found = [];
    let open = null;

    const search = make("input", { type: "search", id: "case-search", autocomplete: "off", placeholder: "Find a test, message or file" });
    const bar = document.getElementById("find");
    const form = make("form", { className: "find", aria: { role: "search" } }, make("label", { className: "unseen", htmlFor: search.id, textContent: "Find a test, message or file" }), search, make("kbd", { textContent: "/", aria: { hidden: "true" } }));
    form.addEventListener("submit", (event) => event.preventDefault());
    const buttons = make("div", { className: "filters", aria: { role: "group", label: "Which tests" }, tabIndex: -1 });
    const choices = make("p", { className: "choices" });
    const count = make("p", { className: "said", aria: { role: "status" } });
    const notice = make("p", { className: "warning", hidden: true, aria: { role: "status" } });
    const frame = window.fictures_frame("One test", {
      step,
      find() { search.focus(); search.select(); },
      closed() {
        panel.clear(frame.body);
        open = null;
        rows.mark(null);
        if (caseOf(location.hash)) history.pushState(null, "", `#${address()}`);
      },
    });
    const left = make("div", { className: "beside" }, rows.list, rows.more);
    (bar ?? place).append(form);
    place.append(buttons, choices, count, notice, make("div", { className: "split" }, left, frame.node));

    function address() {
      const query = new URLSearchParams();
      if (state.query) query.set("q", state.query);
      if (state.group !== (rows.groupings[0] ?? "")) query.set("group", state.group);
      if (state.apart) query.set("apart", "1");
      for (const [name, value] of Object.entries(state.also)) query.set(name, value);
      const tail = query.size ? `?${query}` : "";
      return state.filter === "all" && !tail ? view : `${view}/${state.filter}${tail}`;
    }

    function choice(name, options, current, on) {
      if (options.length < 2) return;
      choices.append(make("span", { className: "choice", aria: { role: "group", label: name } }, `${name} `, ...options.map(([value, text]) => {
        const button = make("button", { type: "button", textContent: text, aria: { pressed: String(value === current) } });
        button.addEventListener("click", () => {
          on(value);
          apply();
          history.replaceState(null, "", `#${address()}`);
          choices.querySelector(`[data-value="${value}"]`)?.focus();
        });
        button.dataset.value = value;
        return button;
      })));
    }

    function drawControls() {
      buttons.replaceChildren();
      const known = filters.shown.some(([id]) => id === state.filter);
      for (const [id, text] of known ? filters.shown : [...filters.shown, [state.filter, filters.called(state.filter)]]) {
        const button = make("button", { type: "button", className: "chip", aria: { pressed: String(id === state.filter) } }, text);
        if (filters.counts.has(id)) button.append(" ", make("b", { textContent: filters.counts.get(id).toLocaleString("en") }));
        button.addEventListener("click", () => choose(id));
        button.dataset.filter = id;
        buttons.append(button);
      }
      for (const [name, value] of Object.entries(state.also)) {
        const button = make("button", { type: "button", className: "chip condition", textContent: `${filters.describe(name, value)} ✕` });
        button.setAttribute("aria-label", `Take off: ${filters.describe(name, value)}`);
        button.addEventListener("click", () => {
          delete state.also[name];
          apply();
          history.pushState(null, "", `#${address()}`);
          buttons.focus();
        });
        buttons.append(button);
      }
      choices.replaceChildren();
      choice("Group by", rows.groupings.map((by) => [by, rows.groupName(by)]), state.group, (value) => { state.group = value; });
      if (cases.columns.test) choice("Projects", [["together", "together"], ["apart", "apart"]], state.apart ? "apart" : "together", (value) => { state.apart = value === "apart"; });
    }

    function choose(id) {
      state.filter = id;
      apply();
      history.pushState(null, "", `#${address()}`);
      buttons.querySelector(`[data-filter="${id}"]`)?.focus();
    }

    // Says how many tests are listed, and of how many results where a test has several.
    function tell() {
      const [listed, all] = [rows.entries.length, cases.n];
      const part = all < said.of ? "listed " : "";
      const several = listed < found.length ? `, ${found.length.toLocaleString("en")} results` : "";
      count.textContent = several
        ? `${listed.toLocaleString("en")} tests${several} of ${all.toLocaleString("en")}`
        : `${found.length.toLocaleString("en")} of ${all.toLocaleString("en")} ${part}tests`;
    }

    function apply() {
      frame.close(true);
      notice.hidden = true;
      search.value = state.query;
      found = filters.found(state);
      rows.show(found, { ...state, whole: filters.isAll(state) });
      drawControls();
      tell();
    }

    const caseOf = (hash) => {
      const match = /^#(?:case-|([^/]+)\/(?:case-)?)([0-9a-f]{12})$/.exec(hash);
      return match && (match[1] === undefined || decodeURIComponent(match[1]) === view) ? match[2] : null;
    };

    function read(filter, query) {
      const asked = new URLSearchParams(query ?? "");
      state.filter = filters.wanted(filter) ? filter : "all";
      state.query = asked.get("q") ?? "";
      state.group = rows.groupings.includes(asked.get("group")) ? asked.get("group") : rows.groupings[0] ?? "";
      state.apart = asked.get("apart") === "1";
      state.also = {};
      for (const name of filters.conditions) {
        const value = asked.get(name);
        if (value !== null && cases.facets[name].includes(value)) state.also[name] = value;
      }
      apply();
      if (filters.wanted(filter)) return;
      notice.textContent = `There is no filter called “${filter}” here: all tests are shown.`;
      notice.hidden = false;
    }

    // Shows what the address asks for; other addresses are for other views.
    let last = null;
    function follow() {
      const { hash } = location;
      const id = caseOf(hash);
      if (id) return show(id);
      const table = /^#cases\?(.*)$/.exec(hash);
      const own = /^#([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(hash) ?? [];
      if (frame.isOpen) frame.close(true);
      if (!table && decoded(own[1] ?? "") !== view) {
        // An address without a filter takes it off.
        if (address() !== view) read("all", "");
        last = null;
        return;
      }
      const now = table ? `?${table[1]}` : `${decoded(own[2] || "all")}?${own[3] ?? ""}`;
      if (now === last && hash === `#${address()}`) return;
      last = now;
      if (table) read("all", table[1]);
      else read(decoded(own[2] || "all"), own[3]);
      if (table) {
        // The keyboard goes on where the reader looks, not at the link far above.
        buttons.focus({ preventScroll: true });
        scrollTo(0, 0);
      }
    }
    function decoded(text) {
      try {
        return decodeURIComponent(text);
      } catch {
        return text;
      }
    }

    function show(id) {
      notice.hidden = true;
      const i = cases.find(id);
      if (i >= 0) return unfold(i);
      frame.close(true);
      notice.textContent = `The test that the address points at is not on this page: ${cases.n < said.of ? "it may be one of those that the list leaves out" : "none of its tests is that one"}.`;
      notice.hidden = false;
      buttons.focus({ preventScroll: true });
    }

    function unfold(i) {
      page?.show(view);
      open = i;
      panel.fill(frame.body, i, view);
      const next = failingAfter(i);
      if (next !== null) frame.body.append(nextFailing(next));
      const at = rows.placeOf(i);
      const listed = rows.entries.length;
      frame.open({
        position: at < 0 ? "The filter leaves this one out" : `${(at + 1).toLocaleString("en")} of ${listed.toLocaleString("en")}`,
        before: at > 0, after: at < 0 ? listed > 0 : at + 1 < listed,
        link: location.href.replace(/#.*$/, `#${view}/${cases.columns.id[i]}`), from: () => rows.linkOf(i) ?? buttons,
      });
      rows.mark(i);
    }

    // The next listed test that fails, after this one.
    function failingAfter(i) {
      for (let at = rows.placeOf(i) + 1; at < rows.entries.length; at += 1) {
        const k = rows.entries[at].entry.find((one) => cases.facet("status", one) === "failed");
        if (k !== undefined) return k;
      }
      return null;
    }
    function nextFailing(i) {
      const button = make("button", { type: "button" }, "Next failing: ", words.named(cases.columns.title[i]));
      button.addEventListener("click", () => go(i));
      return make("p", { className: "next" }, button);
    }
    function go(i) {
      history[open === null ? "pushState" : "replaceState"](null, "", `#${view}/${cases.columns.id[i]}`);
      unfold(i);
    }

    function step(by) {
      const at = open === null ? -1 : rows.placeOf(open);
      const to = rows.entries[at < 0 ? 0 : at + by];
      if (!to || (open === null && by < 0)) return;
      go(to.entry[0]);
    }

    let timer;
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        state.query = search.value;
        page?.show(view);
        apply();
        last = null;
        // A jump to an address would take the focus away from the field.
        history.replaceState(null, "", `#${address()}`);
      }, cases.n > 20000 ? 120 : 0);
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "ArrowDown") {
        event.preventDefault();
        rows.list.querySelector("a")?.focus();
      }
    });

    for (const cell of document.querySelectorAll("[data-cases]")) lead(cell);
    for (const link of document.querySelectorAll("a[data-tests]")) link.href = `#${view}/${link.dataset.tests}`;
    for (const name of document.querySelectorAll("[data-case]:not(details)")) {
      const { case: id } = name.dataset;
      if (cases.find(id.slice(5)) >= 0) name.replaceWith(make("a", { href: `#${id}` }, ...name.childNodes));
    }
    addEventListener("beforeprint", () => {
      // On paper a long list is those that do not pass.
      if (cases.n > 200) rows.show(found.filter((i) => !["passed", "xpassed"].includes(cases.facet("status", i)) || cases.facet("before", i) === "failed"), state);
      rows.drawAll();
      // What an open panel shows goes back to where it came from.
      panel.clear(frame.body);
      appendix?.lay();
    });
    addEventListener("afterprint", () => {
      appendix?.back();
      rows.show(found, { ...state, whole: filters.isAll(state) });
      if (open !== null) unfold(open);
    });
    apply();
    place.dataset.ready = "yes";
    // The first search then finds its texts made.
    (window.requestIdleCallback ?? setTimeout)(() => cases.search());
    addEventListener("hashchange", follow);
    page?.follow(view, () => {});
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", follow);
    else follow();
  }

  document.documentElement.classList.add("js");
  for (const place of document.querySelectorAll("div.cases")) start(place);
})();

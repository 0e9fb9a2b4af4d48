// What the panel of one test shows: a head for every test, and panes for what is known of its tries.
"use strict";
window.fictures_panel = (cases, words, said) => {
  const make = window.fictures_make;
  const { icon, spoken, named, unseen, capital, time } = words;
  // What a digit of a case's past stands for.
  const PAST = ["passed", "failed", "flaky", "skipped", "not_run", "xfailed", "xpassed", "interrupted", "absent"];
  const MARKS = { passed: "✓", flaky: "≈", failed: "✗", skipped: "–", not_run: "○", xfailed: "✓", xpassed: "!", interrupted: "■", absent: "·" };
  // Tests with evidence have it in the page, which shows it without a script, too.
  const proofs = new Map();
  for (const one of document.querySelectorAll("details.case[data-case]")) {
    const here = one.querySelector(":scope > .here");
    // The address of a test opens the panel.
    here.removeAttribute("id");
    proofs.set(one.dataset.case.slice(5), { home: one, here });
  }

  function head(i, view) {
    const { facet, number } = cases;
    const line = number("line", i);
    const about = make("p", { className: "crumb" }, named(facet("file", i)), line == null ? "" : `:${line}`);
    for (const text of [facet("suite", i)]) if (text) about.append(" › ", named(text));
    for (const text of [cases.where(i), facet("tags", i)]) if (text) about.append(" · ", named(text));
    const marks = make("p", { className: "panel-marks" });
    const change = facet("change", i);
    if (change) marks.append(make("span", { className: `label ${change}`, textContent: spoken(change, "change") }));
    const standing = facet("standing", i);
    if (standing) marks.append(make("span", { className: "label", textContent: spoken(standing, "standing") }));
    const cause = facet("cause", i);
    if (cause) {
      const there = document.getElementById(`cause-${cause[0]}`);
      const name = there ? make("a", { href: `#cause-${cause[0]}` }, named(cause[1])) : named(cause[1]);
      marks.append(make("span", {}, "Cause: ", name));
    }
    const parts = [make("div", {}, about, make("h3", { className: "panel-title" }, named(cases.columns.title[i])), marks)];
    const all = cases.together(i);
    if (all.length > 1) parts.push(projects(i, all, view));
    const reason = cases.reason(i);
    if (reason) parts.push(make("p", { className: "sentence" }, named(capital(reason))));
    return parts;
  }

  // The projects or variants of one test: each has its own panel.
  function projects(i, all, view) {
    return make("nav", { className: "segments", aria: { label: "Where it ran" } }, ...all.map((k) => {
      const link = make("a", { href: `#${view}/${cases.columns.id[k]}` }, icon(cases.facet("status", k)),
        unseen(spoken(cases.facet("status", k), "status")), " ", named(cases.where(k) || "no project"));
      if (k === i) link.setAttribute("aria-current", "true");
      return link;
    }));
  }

  // A side of which the page has no more than its row.
  function plain(i, end, name) {
    const side = cases.side(i, end);
    const facts = [
      side.seconds != null && time(side.seconds), side.tries && `${side.tries} tries`,
      side.worker != null && `worker ${side.worker}`, side.shard != null && `shard ${side.shard}`,
    ].filter(Boolean);
    const pane = make("section", { className: "pane" });
    Object.assign(pane.dataset, { side: name, try: "0", status: side.status, seconds: side.seconds == null ? "" : time(side.seconds), decides: "" });
    const how = make("p", { className: "how" }, capital(spoken(side.status, "status")));
    if (side.category) how.append(`, ${spoken(side.category, "category")}`);
    how.append(facts.length ? `, ${facts.join(", ")}.` : ".");
    pane.append(how);
    const [rule, phase, location, before, marked, after] = side.excerpt ?? [];
    const told = `${before ?? ""}${marked ?? ""}${after ?? ""}`;
    if (side.why && !told.startsWith(side.why)) pane.append(make("p", { className: "said-why" }, named(side.why)));
    if (told) {
      const text = make("pre", { className: "message", dir: "auto" }, before, ...(marked ? [make("mark", { textContent: marked })] : []), after);
      pane.append(make("div", { className: "block-of" }, make("h4", { textContent: "Message" }), text));
    }
    if (location) pane.append(make("p", { className: "where" }, "At ", make("code", {}, make("bdi", { className: "location", textContent: location }))));
    if (rule) pane.append(make("p", { className: "where" }, "Classified by rule ", make("code", {}, named(rule)), ...(phase && phase !== "call" ? [" in ", make("code", {}, named(phase))] : []), "."));
    return pane;
  }

  // What it did in the last runs, in words and as a strip of marks.
  function past(i) {
    const [digits, often, last] = cases.facet("strip", i) || [];
    if (!digits) return [];
    const strip = make("ol", { className: "strip", tabIndex: 0, aria: { label: `the last ${digits.length} runs, the oldest first` } });
    Array.from(digits, (digit, k) => {
      const [label, day] = said.runs[k];
      const status = PAST[digit];
      const text = `${label}${day ? `, ${day}` : ""}: ${spoken(status, "status")}`;
      const mark = make("span", { textContent: MARKS[status], aria: { hidden: "true" } });
      strip.append(make("li", { className: `status ${status}`, title: text }, mark, make("span", { className: "unseen" }, named(text))));
    });
    return [make("p", { className: "past" }, named(`${said.words[often]}; ${said.words[last]}.`)), strip];
  }

  // What the page does not hold of a case, and where that is.
  function missing(i) {
    const failed = cases.facet("category", i) || cases.facet("category_before", i);
    const parts = failed ? "Source lines, output, attachments and what a message says beyond this are" : "What it printed and attached is";
    return make("p", { className: "where" }, `${parts} not on this page but in the rows (`, make("code", { textContent: "fictures-reports results" }), ").");
  }

  const named_side = { before: "Before", after: "After", "": "" };
  function title(pane) {
    const { side, try: number, status, seconds } = pane.dataset;
    const which = [named_side[side], number === "0" ? "" : `try ${number}`].filter(Boolean).join(", ");
    const how = `${spoken(status, "status")}${seconds ? `, ${seconds}` : ""}`;
    return which ? capital(`${which} · ${how}`) : capital(how);
  }

  // The panes of a test as tabs: After before Before, the try that decided is open.
  function tabs(panes) {
    const order = [...panes].sort((a, b) => (a.dataset.side === "before") - (b.dataset.side === "before") || a.dataset.try - b.dataset.try);
    if (order.length < 2) return null;
    const list = make("div", { className: "tabs", aria: { role: "tablist", label: "Tries" } });
    const show = (k, focus) => order.forEach((pane, at) => {
      const tab = list.children[at];
      tab.setAttribute("aria-selected", String(at === k));
      tab.tabIndex = at === k ? 0 : -1;
      pane.hidden = at !== k;
      if (at === k && focus) tab.focus();
    });
    order.forEach((pane, k) => {
      pane.id = `pane-${k}`;
      pane.setAttribute("role", "tabpanel");
      pane.setAttribute("aria-labelledby", `tab-${k}`);
      const tab = make("button", { type: "button", id: `tab-${k}`, aria: { role: "tab", controls: pane.id } }, icon(pane.dataset.status), " ", title(pane));
      tab.addEventListener("click", () => show(k, false));
      list.append(tab);
    });
    list.addEventListener("keydown", (event) => {
      const at = order.findIndex((pane) => !pane.hidden);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: order.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show((to + order.length) % order.length, true);
    });
    show(Math.max(0, order.findIndex((pane) => "decides" in pane.dataset)), false);
    return list;
  }

  // Buttons that copy what stands below a heading: all of a message, the place of some code.
  function copiers(pane) {
    for (const block of pane.querySelectorAll(":scope > .block-of:not([data-copied])")) {
      const texts = block.querySelectorAll("pre");
      if (!texts.length) continue;
      block.dataset.copied = "";
      const place = block.querySelector("h4 .location");
      const what = place ? () => place.textContent : () => Array.from(block.querySelectorAll("pre"), (text) => text.textContent).join("");
      const button = make("button", { type: "button", className: "copy", textContent: place ? "Copy path" : "Copy" });
      button.addEventListener("click", () => window.fictures_copy(what(), button));
      block.querySelector("h4").append(" ", button);
    }
    for (const command of pane.querySelectorAll(".files li:not([data-copied]) > code")) {
      command.parentElement.dataset.copied = "";
      const button = make("button", { type: "button", className: "copy", textContent: "Copy" });
      button.addEventListener("click", () => window.fictures_copy(command.textContent, button));
      command.after(" ", button);
    }
  }

  let shown = null;
  // Puts back what the panel took out of the page.
  function clear(body) {
    if (shown) shown.home.append(shown.here);
    shown = null;
    body.replaceChildren();
  }

  function fill(body, i, view) {
    clear(body);
    const proof = proofs.get(cases.columns.id[i]);
    const change = cases.facet("change", i);
    const parts = head(i, view);
    if (!proof) parts.push(...past(i));
    const place = make("div", { className: "panes" });
    if (proof) place.append(proof.here);
    else if (change) place.append(plain(i, "", "after"), plain(i, "_before", "before"));
    else place.append(plain(i, "", ""));
    // A side that lacks the case is worth a word, too.
    if (proof && change && !place.querySelector('.pane[data-side="after"]')) place.append(plain(i, "", "after"));
    const panes = Array.from(place.querySelectorAll(".pane"));
    for (const pane of panes) {
      copiers(pane);
      for (const text of pane.querySelectorAll("pre")) text.tabIndex = 0;
      window.fictures_pictures?.(pane);
    }
    const list = tabs(panes);
    if (list) parts.push(list);
    else for (const pane of panes) pane.hidden = false;
    body.append(...parts, place);
    if (!proof) body.append(missing(i));
    shown = proof ?? null;
  }

  return { fill, clear };
};

// The rows of the list of tests, grouped, drawn some at a time: those of a large list come as the
// reader gets there.
"use strict";
window.fictures_rows = (cases, words, view) => {
  const make = window.fictures_make;
  const { icon, spoken, named, unseen, capital, time } = words;
  const { facets, columns, facet, number } = cases;
  const MOST = 200;
  const FIRST = 60;
  // So few rows that passed are not folded: in a group, and in all.
  const FEW = 4;
  const FEW_IN_ALL = 30;
  const ORDER = ["failed", "flaky", "interrupted", "skipped", "not_run", "xfailed", "xpassed", "passed"];
  const one_file = facets.file.length < 2;
  const list = make("div", { className: "list" });
  const more = make("button", { type: "button", className: "more", textContent: "Show more", hidden: true });
  const drawn = new Map();
  // All entries in their order, and the groups that they are in: { title, own, folded }, own from
  // `start` on; `list` is there once the group has begun, `n` of its entries are drawn.
  let entries = [];
  let groups = [];
  let by = "";

  const two = facets.change.length > 1 || Boolean(facets.change[0]);
  const GROUPS = {
    change: {
      name: two ? "change" : "status",
      key: (i) => (two ? facet("change", i) : facet("status", i)),
      title: (key) => [capital(spoken(key, two ? "change" : "status"))],
    },
    cause: {
      name: "cause",
      key: (i) => facet("cause", i)?.[0] ?? "",
      title: (_key, i) => [facet("cause", i) ? named(facet("cause", i)[1]) : "No cause"],
      last: "",
    },
    file: { name: "file", key: (i) => facet("file", i), title: (key) => [named(key || "no file")] },
  };
  // No choice where there is nothing to tell apart.
  const groupings = [
    ...((two ? facets.change : facets.status).length > 1 ? ["change"] : []),
    ...(facets.cause?.length > 1 ? ["cause"] : []), ...(one_file ? [] : ["file"]),
  ];

  // Results of one test are one entry, those that differ most first, unless they are apart.
  function entriesOf(places, apart) {
    if (apart || !columns.test) return places.map((i) => [i]);
    const of = new Map();
    for (const i of places) of.get(columns.test[i])?.push(i) ?? of.set(columns.test[i], [i]);
    return [...of.values()];
  }

  function grouped(all, by) {
    const group = GROUPS[by];
    const buckets = new Map();
    for (const entry of all) {
      const key = group.key(entry[0]);
      buckets.get(key)?.push(entry) ?? buckets.set(key, [entry]);
    }
    let keys = [...buckets.keys()];
    if (by === "change" && !two) keys.sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
    if ("last" in group) keys = [...keys.filter((key) => key !== group.last), ...keys.filter((key) => key === group.last)];
    return keys.map((key) => [key, buckets.get(key)]);
  }

  // One shape where nothing changed; the words are for who does not see it.
  function move(i) {
    const [before, now] = [facet("before", i), facet("status", i)];
    const cell = make("span", { className: "move" });
    if (before && before !== "absent" && before !== now) {
      cell.append(icon(before), unseen(`${spoken(before, "status")} before, `), make("span", { className: "to", textContent: "→", aria: { hidden: "true" } }));
    }
    cell.append(icon(now), unseen(spoken(now, "status")));
    return cell;
  }

  function took(i) {
    const [before, now] = [time(number("seconds_before", i)), time(number("seconds", i))];
    return before && now && before !== now ? `${before} → ${now}` : now || before;
  }

  function row(entry, in_file) {
    const [i] = entry;
    const line = number("line", i);
    const about = make("small", { className: "where" });
    if (!one_file && !in_file) about.append(named(facet("file", i)), line == null ? "" : `:${line}`);
    else if (line != null) about.append(`line ${line}`);
    const name = make("span", { className: "name" }, named(columns.title[i]), " ", about);
    if (entry.length > 1) {
      name.append(make("span", { className: "marks" }, ...entry.map((k) => make("span", {}, icon(facet("status", k)), unseen(spoken(facet("status", k), "status")), " ", named(cases.where(k))))));
    } else if (cases.where(i) && (facets.project.length > 1 || facets.variant.length > 1)) {
      about.append(" ", named(cases.where(i)));
    }
    const why = make("span", { className: "why" }, named(cases.reason(i)));
    const link = make("a", { className: "test-row", href: `#${view}/${columns.id[i]}` }, move(i), name, why, make("span", { className: "took", textContent: took(i) }));
    link.dataset.place = i;
    for (const k of entry) drawn.set(k, link);
    return make("li", {}, link);
  }

  // What passed, as before if there was one: nobody came for these rows.
  const isQuiet = (i) => ["passed", "xpassed"].includes(facet("status", i)) && ["", "passed", "xpassed"].includes(facet("before", i));

  function begin(group) {
    group.list = make("ul", { className: "rows" });
    if (!group.title) return list.append(group.list);
    const said = [...group.title, " ", make("span", { textContent: group.own.length.toLocaleString("en") })];
    const head = make("h3", { className: "group" }, ...said);
    list.append(head, group.list);
    if (!group.folded) return undefined;
    group.button = make("button", { type: "button", className: "unfold", aria: { expanded: "false" } }, ...said);
    group.button.addEventListener("click", () => (group.list.hidden ? unfold(group) : fold(group)));
    head.replaceChildren(group.button);
    // The browser's search looks into it, too.
    group.list.setAttribute("hidden", "until-found");
    group.list.addEventListener("beforematch", () => unfold(group));
    if (entries.length <= MOST) fill(group, Infinity);
    return undefined;
  }

  // Draws so many more entries of a group; returns how many it drew.
  function fill(group, most) {
    const fresh = group.own.slice(group.n, group.n + most);
    group.list.append(...fresh.map(({ entry }) => row(entry, group.in_file)));
    group.n += fresh.length;
    return fresh.length;
  }
  function unfold(group) {
    fill(group, Infinity);
    group.list.removeAttribute("hidden");
    group.button?.setAttribute("aria-expanded", "true");
  }
  function fold(group) {
    group.list.setAttribute("hidden", "until-found");
    group.button.setAttribute("aria-expanded", "false");
  }

  // Draws so many more entries, each group below its heading; of a folded one the heading alone.
  const isDone = (group) => group.list && (group.folded || group.n === group.own.length);
  function draw(most) {
    let left = most;
    for (const group of groups) {
      if (isDone(group)) continue;
      if (left <= 0) break;
      if (!group.list) begin(group);
      left -= group.folded ? 1 : fill(group, left);
    }
    more.hidden = groups.every(isDone);
  }
  more.addEventListener("click", () => {
    const next = entries.findIndex(({ entry, group }) => !group.folded && !drawn.has(entry[0]));
    draw(MOST);
    (drawn.get(entries[next]?.entry[0]) ?? list.lastElementChild?.previousElementSibling?.querySelector("button"))?.focus();
  });
  new IntersectionObserver(([seen]) => { if (seen.isIntersecting && !more.hidden) draw(MOST); }, { rootMargin: "600px" }).observe(more);

  // Groups of entries that passed are folded, by file, where all tests are listed and they are many.
  function folded(key, own, is_all) {
    const quiet = is_all ? own.filter((entry) => entry.every(isQuiet)) : [];
    const title = by ? GROUPS[by].title(key, own[0][0]) : null;
    if (quiet.length < FEW || quiet.length < own.length) return [{ title, own, in_file: by === "file" }];
    if (by === "file" || one_file) return [{ title: title ?? ["Passed"], own, folded: true, in_file: true }];
    return grouped(own, "file").map(([file, part]) => ({
      title: [...title, ": ", named(file || "no file")], own: part, folded: true, in_file: true,
    }));
  }

  function show(places, { group, apart, whole = false }) {
    by = groupings.includes(group) ? group : groupings[0] ?? "";
    const all = entriesOf(places, apart);
    const buckets = by ? grouped(all, by) : [["", all]];
    const is_all = whole && all.length > FEW_IN_ALL;
    groups = buckets.filter(([, own]) => own.length).flatMap(([key, own]) => folded(key, own, is_all));
    entries = [];
    for (const one of groups) {
      Object.assign(one, { n: 0, list: null });
      one.own = one.own.map((entry) => ({ entry, group: one }));
      entries.push(...one.own);
    }
    drawn.clear();
    list.replaceChildren();
    // Of a long list the first screens: it is drawn anew with every letter of a search.
    draw(entries.length > 2 * MOST ? FIRST : MOST);
  }

  // The place of a test among the entries; -1 where the filter leaves it out.
  const placeOf = (i) => entries.findIndex(({ entry }) => entry.includes(i));
  // Its link, drawn if it is not far away.
  function linkOf(i) {
    const place = placeOf(i);
    if (place < 0 || drawn.has(i)) return drawn.get(i) ?? null;
    const { group } = entries[place];
    const far = () => entries.slice(0, place + 1).filter((one) => !one.group.folded && !drawn.has(one.entry[0])).length;
    if (!group.list && far() < 5 * MOST) draw(far() + groups.length);
    if (group.list && group.folded) fill(group, Infinity);
    else if (far() < 5 * MOST) draw(far());
    return drawn.get(i) ?? null;
  }
  function mark(i) {
    for (const link of list.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
    const link = i === null ? null : linkOf(i);
    if (link) unfold(entries[placeOf(i)].group);
    link?.setAttribute("aria-current", "true");
    link?.scrollIntoView({ block: "nearest" });
  }
  function drawAll() {
    draw(Infinity);
    groups.forEach(unfold);
  }
  return {
    list, more, groupings, groupName: (by) => GROUPS[by].name, show, placeOf, linkOf, mark, drawAll,
    get entries() { return entries; },
  };
};

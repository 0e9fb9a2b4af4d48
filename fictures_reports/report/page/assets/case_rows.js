// The rows of the list of tests, grouped, drawn some at a time: those of a large list come as the
// reader gets there.
"use strict";
window.fictures_rows = (cases, words, view) => {
  const make = window.fictures_make;
  const { icon, spoken, named, unseen, capital, time } = words;
  const { facets, columns, facet, number } = cases;
  const MOST = 200;
  const ORDER = ["failed", "flaky", "interrupted", "skipped", "not_run", "xfailed", "xpassed", "passed"];
  const one_file = facets.file.length < 2;
  const list = make("div", { className: "list" });
  const more = make("button", { type: "button", className: "more", textContent: "Show more", hidden: true });
  const drawn = new Map();
  let entries = [];
  let at = 0;
  let last = null;

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

  function row(entry) {
    const [i] = entry;
    const line = number("line", i);
    const about = make("small", { className: "where" });
    if (!one_file) about.append(named(facet("file", i)), line == null ? "" : `:${line}`);
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

  // Draws entries up to a place; each group has its heading before its first row.
  function draw(until) {
    const fresh = document.createDocumentFragment();
    for (; at < Math.min(until, entries.length); at += 1) {
      const { entry, head } = entries[at];
      if (head) {
        const [title, count] = head;
        last = make("ul", { className: "rows" });
        if (title) fresh.append(make("h3", { className: "group" }, ...title, " ", make("span", { textContent: count.toLocaleString("en") })));
        fresh.append(last);
      }
      last.append(row(entry));
    }
    list.append(fresh);
    more.hidden = at >= entries.length;
  }
  more.addEventListener("click", () => {
    const next = at;
    draw(at + MOST);
    drawn.get(entries[next].entry[0])?.focus();
  });
  new IntersectionObserver(([seen]) => { if (seen.isIntersecting && !more.hidden) draw(at + MOST); }, { rootMargin: "600px" }).observe(more);

  function show(places, { group, apart }) {
    const by = groupings.includes(group) ? group : groupings[0];
    const all = entriesOf(places, apart);
    const groups = by ? grouped(all, by) : [["", all]];
    entries = groups.flatMap(([key, own]) => own.map((entry, k) => ({ entry, head: k ? null : [by ? GROUPS[by].title(key, entry[0]) : null, own.length] })));
    at = 0;
    last = null;
    drawn.clear();
    list.replaceChildren();
    draw(MOST);
  }

  // The place of a test among the entries; -1 where the filter leaves it out.
  const placeOf = (i) => entries.findIndex(({ entry }) => entry.includes(i));
  // Its link, drawn if it is not far away.
  function linkOf(i) {
    const place = placeOf(i);
    if (place >= at && place < at + 5 * MOST) draw(place + 1);
    return drawn.get(i) ?? null;
  }
  function mark(i) {
    for (const link of list.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
    const link = i === null ? null : linkOf(i);
    link?.setAttribute("aria-current", "true");
    link?.scrollIntoView({ block: "nearest" });
  }
  const drawAll = () => draw(entries.length);
  return {
    list, more, groupings, groupName: (by) => GROUPS[by].name, show, placeOf, linkOf, mark, drawAll,
    get entries() { return entries; }, get drawn() { return Math.min(at, entries.length); },
  };
};

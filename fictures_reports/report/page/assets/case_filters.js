// The filters of the list of tests: named ones with counts, what an address may ask for, the search.
"use strict";
window.fictures_filters = (cases, words) => {
  const { columns, facets, facet, n } = cases;
  const NAMES = { status: "now", before: "before", change: "change", category: "why", category_before: "why before", file: "file", project: "project", variant: "variant", standing: "standing" };
  // Each named filter: what it is called, and which values of which facet it lets through.
  const CHANGES = [
    ["failing", "Fail now", { status: ["failed"] }],
    ["broken", "Broken", { change: ["broken", "arrived_failing", "unmasked", "undeclared"] }],
    ["masked", "Now skipped", { change: ["masked"] }],
    ["lost", "No longer run", { change: ["lost"] }],
    ["vanished", "Failed, now gone", { change: ["vanished"] }],
    ["fixed", "Fixed", { change: ["fixed"] }],
    ["flaky", "Flaky", { status: ["flaky"] }],
    ["skipped", "Skipped", { status: ["skipped", "not_run"] }],
    ["passing", "Pass", { status: ["passed", "xpassed"] }],
  ];
  const RUN = CHANGES.filter(([, , { status }]) => status).map((one) => (one[0] === "failing" ? ["failing", "Fail", one[2]] : one));
  const two = facets.change.length > 1 || facets.change[0];
  const standings = facets.standing.filter(Boolean);
  const named = [["all", "All", {}], ...(two ? CHANGES : RUN),
    ...standings.map((one) => [one, words.capital(words.spoken(one, "standing")), { standing: [one] }])];

  // For each place of a facet's values whether it is wanted: then a test is one look into an array.
  const masks = (wanted) => Object.entries(wanted).map(([name, values]) => [name, facets[name].map((value) => values.includes(value))]);
  const fits = (all, i) => all.every(([name, mask]) => mask[columns[name]?.[i] ?? 0]);
  const counts = new Map(named.map(([id, , wanted]) => {
    const all = masks(wanted);
    let count = 0;
    for (let i = 0; i < n; i += 1) count += fits(all, i);
    return [id, count];
  }));
  const shown = named.filter(([id]) => id === "all" || counts.get(id));

  // What an address may name beside these: a change, a status now or before, a standing, a category.
  function wanted(id) {
    const own = named.find(([one]) => one === id);
    if (own) return own[2];
    if (id.startsWith("before-") && facets.before.includes(id.slice(7))) return { before: [id.slice(7)] };
    const name = ["change", "status", "standing", "category"].find((one) => facets[one].includes(id));
    return name ? { [name]: [id] } : null;
  }

  // The places of all tests that fit a filter, further conditions and every word of the search.
  function found({ filter, also, query }) {
    const all = masks({ ...(wanted(filter) ?? {}), ...Object.fromEntries(Object.entries(also).map(([name, value]) => [name, [value]])) });
    // A condition on a facet that the filter has, too, holds beside it.
    const both = filter !== "all" ? masks(wanted(filter) ?? {}) : [];
    const tokens = query.toLowerCase().split(/\s+/).filter(Boolean);
    const texts = tokens.length ? cases.search() : null;
    const places = [];
    for (let i = 0; i < n; i += 1) {
      if (fits(all, i) && fits(both, i) && tokens.every((token) => texts[i].includes(token))) places.push(i);
    }
    return places;
  }

  const isAll = ({ filter, also, query }) => filter === "all" && !query.trim() && !Object.keys(also).length;
  const describe = (name, value) => `${NAMES[name]}: ${words.spoken(value, name) || "none"}`;
  const called = (id) => named.find(([one]) => one === id)?.[1] ?? words.capital(id.startsWith("before-")
    ? `${words.spoken(id.slice(7), "status")} before` : words.spoken(id, Object.keys(wanted(id) ?? {})[0]));
  return { shown, counts, found, isAll, wanted, describe, called, conditions: Object.keys(NAMES), facet };
};

// The data of all tests: unpacked, and asked for by the place of a test.
"use strict";
// A large page holds its data compressed.
window.fictures_document = async (text) => {
  const data = JSON.parse(text);
  if (typeof data !== "string") return data;
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
};
window.fictures_cases = ({ facets, columns, shared }) => {
  const n = columns.title.length;
  // A column in which all are alike is left out, and a number that none has.
  const facet = (name, i) => facets[name]?.[columns[name]?.[i] ?? 0] ?? "";
  const number = (name, i) => columns[name]?.[i] ?? null;
  const why = (i, end = "") => shared.whys[columns[`why${end}`][i]] ?? "";
  // What is known of a case on one side, "" for the newer.
  const side = (i, end) => ({
    status: facet(end ? "before" : "status", i), category: facet(`category${end}`, i), why: why(i, end),
    seconds: number(`seconds${end}`, i), worker: number(`worker${end}`, i), shard: number(`shard${end}`, i),
    tries: shared.tries[columns[`tries${end}`][i]], excerpt: shared.excerpts[columns[`excerpt${end}`][i]],
  });
  // Why it does not pass; of one that does now, why it did not.
  const reason = (i) => why(i) || (facet("before", i) && why(i, "_before") ? `before: ${why(i, "_before")}` : "");
  let texts = null;
  // One lower-case text per case, made once: a search is then a plain look through strings.
  const search = () => {
    texts ??= columns.title.map((title, i) =>
      `${title}\n${facet("file", i)}\n${facet("project", i)}\n${facet("suite", i)}\n${facet("tags", i)}\n${why(i)}\n${why(i, "_before")}`.toLowerCase());
    return texts;
  };
  const places = new Map();
  // The place of an id; -1 where the page has none such.
  const find = (id) => {
    if (!places.size) columns.id.forEach((one, i) => places.set(one, i));
    return places.get(id) ?? -1;
  };
  // Projects or variants of one test, by the place of the test.
  const alike = new Map();
  const together = (i) => {
    if (!columns.test) return [i];
    if (!alike.size) columns.test.forEach((test, k) => alike.get(test)?.push(k) ?? alike.set(test, [k]));
    return alike.get(columns.test[i]);
  };
  const where = (i) => [facet("project", i), facet("variant", i)].filter(Boolean).join(" · ");
  return { n, facets, columns, facet, number, why, side, reason, search, find, together, where };
};

// Statuses as shapes with words, and numbers as words: what rows and panels share.
"use strict";
window.fictures_words = (names) => {
  const make = window.fictures_make;
  // The page draws each shape once, in a template; here they are copied.
  const shapes = new Map(Array.from(document.querySelector("template.icons").content.children, (one) => [one.dataset.status, one.firstElementChild]));
  const icon = (status) => (shapes.get(status) ?? shapes.get("skipped")).cloneNode(true);
  const KINDS = { status: "status", before: "status", change: "change", category: "category", category_before: "category", standing: "standing" };
  // What the report calls a status, change or category; anything else is called what it is.
  const spoken = (value, facet) => {
    const known = names[KINDS[facet]] ?? {};
    return Object.hasOwn(known, value) ? known[value] : value;
  };
  return {
    icon, spoken,
    named: (text) => make("bdi", { textContent: text }),
    unseen: (text) => make("span", { className: "unseen", textContent: text }),
    capital: (text) => text.slice(0, 1).toUpperCase() + text.slice(1),
    time: (s) => (s == null ? "" : s < 1 ? `${Math.round(s * 1000)} ms` : s < 120 ? `${s.toFixed(1)} s` : `${(s / 60).toFixed(1)} min`),
  };
};

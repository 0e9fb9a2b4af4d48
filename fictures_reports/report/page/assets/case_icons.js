// Statuses as shapes with words, and numbers as words: what rows and panels share.
"use strict";
window.fictures_words = (names) => {
  const make = window.fictures_make;
  const SHAPES = {
    passed: [["circle", { cx: 8, cy: 8, r: 7, fill: "var(--passed-fill)" }], ["path", { d: "M4.7 8.3l2.2 2.2 4.4-4.8", fill: "none", stroke: "#fff", "stroke-width": 1.8 }]],
    failed: [["rect", { x: 1, y: 1, width: 14, height: 14, rx: 3, fill: "var(--failed-fill)" }], ["path", { d: "M5 5l6 6M11 5l-6 6", stroke: "#fff", "stroke-width": 1.8 }]],
    flaky: [["path", { d: "M8 1l7.4 13.6H.6z", fill: "var(--flaky-fill)" }], ["path", { d: "M4.8 11.4c1-1.6 2.2-1.6 3.2 0s2.2 1.6 3.2 0", fill: "none", stroke: "#171b22", "stroke-width": 1.3 }]],
    slower: [["circle", { cx: 8, cy: 8, r: 6.3, fill: "none", stroke: "var(--ink-2)", "stroke-width": 1.5 }], ["path", { d: "M8 4.4V8l2.6 1.7", fill: "none", stroke: "var(--ink-2)", "stroke-width": 1.5 }]],
    skipped: [["circle", { cx: 8, cy: 8, r: 6.3, fill: "none", stroke: "var(--skipped)", "stroke-width": 1.5 }], ["path", { d: "M4.8 8h6.4", stroke: "var(--skipped)", "stroke-width": 1.6 }]],
  };
  const LIKE = { xpassed: "passed", timedOut: "failed" };
  // A shape is drawn once and then copied: that is several times quicker.
  const drawn = new Map();
  function icon(status) {
    const kind = Object.hasOwn(SHAPES, status) ? status : Object.hasOwn(LIKE, status) ? LIKE[status] : "skipped";
    if (!drawn.has(kind)) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      for (const [name, value] of Object.entries({ class: "icon", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" })) svg.setAttribute(name, value);
      for (const [tag, attributes] of SHAPES[kind]) {
        const part = document.createElementNS(svg.namespaceURI, tag);
        for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
        svg.append(part);
      }
      drawn.set(kind, svg);
    }
    return drawn.get(kind).cloneNode(true);
  }
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

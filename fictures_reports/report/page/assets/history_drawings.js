// What a test did run by run, drawn: cells for a row of the list, bars for its panel. A history's
// data becomes window.fictures_history(data): { tests, texts, lookOf, cells, bars }.
"use strict";
window.fictures_history = (data) => {
  const STEP = 10;
  const TALL = 18;
  const SVG = "http://www.w3.org/2000/svg";
  // Heights of bars, as `tests_packed.py` writes them.
  const LETTERS = "-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const LOOKS = { passed: "passed", xpassed: "passed", xfailed: "passed", failed: "failed", flaky: "flaky", skipped: "skipped", not_run: "skipped", interrupted: "skipped" };
  const FIELDS = ["id", "title", "place", "standing", "short", "why", "codes", "bars", "longest", "sentence", "facts", "failures", "n", "line", "where"];
  const { runs, columns, codes, texts } = data;
  const tests = data.tests.map((values) => Object.fromEntries(FIELDS.map((name, i) => [name, values[i]])));

  const drawing = (kind, box, said, paths) => {
    const svg = document.createElementNS(SVG, "svg");
    for (const [name, value] of Object.entries({ class: kind, viewBox: box, preserveAspectRatio: "none", role: "img", "aria-label": said })) svg.setAttribute(name, value);
    for (const [look, d] of paths) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", look);
      path.setAttribute("d", d);
      svg.append(path);
    }
    return svg;
  };
  const column = (i, top, bottom) => `M${i * STEP} ${top}h${STEP - 1}v${bottom - top}h-${STEP - 1}z`;
  // As `run_columns.hollow`: what failed in an outage says nothing of the test.
  const hollow = (i, top, bottom) => `${column(i, top, bottom)}M${i * STEP + 2} ${top + 2}v${bottom - top - 4}h${STEP - 5}v-${bottom - top - 4}z`;

  // What failed in an outage is hollow, what was on another branch is faded.
  function drawn(test, last, piece) {
    const paths = {};
    const first = runs.length - last.length;
    Array.from(last, (code, i) => {
      const look = LOOKS[codes[code]];
      if (!look) return;
      const [, , , outage, line] = runs[first + i];
      const kind = look === "failed" && outage ? "outage" : look;
      const name = `${kind}${line === test.line ? "" : " beside"}`;
      paths[name] = `${paths[name] ?? ""}${piece(kind, i)}`;
    });
    return Object.entries(paths);
  }

  const countOf = (test, wanted) => Array.from(test.codes.slice(-columns)).filter((code) => codes[code] === wanted).length;

  function cells(test) {
    const last = test.codes.slice(-columns);
    const pieces = { flaky: (i) => column(i, TALL / 3, TALL), skipped: (i) => column(i, 8, 10), outage: (i) => hollow(i, 0, TALL) };
    const paths = drawn(test, last, (kind, i) => (pieces[kind] ?? ((n) => column(n, 0, TALL)))(i));
    const n = last.length;
    const said = `the last ${n} ${n === 1 ? "run" : "runs"}: failed in ${countOf(test, "failed")}, passed only on a retry in ${countOf(test, "flaky")}`;
    return drawing("cells", `0 0 ${n * STEP} ${TALL}`, said, paths);
  }

  // Above the duration; below it a mark for what did not pass at once, which paper shows, too.
  function bars(test) {
    const n = test.codes.length;
    const paths = drawn(test, test.codes, (kind, i) => {
      const level = test.bars ? LETTERS.indexOf(test.bars[i]) : 0;
      const high = level > 0 ? Math.max(2, level) : 2;
      const mark = { failed: column(i, 68, 80), outage: hollow(i, 68, 80), flaky: column(i, 68, 74) }[kind] ?? "";
      return `${column(i, 64 - high, 64)}${mark}`;
    });
    return drawing("bars", `0 0 ${n * STEP} 82`, `${texts[test.sentence]} A bar for each of the last ${n} runs.`, paths);
  }

  return { tests, texts, cells, bars };
};

// Fills the panel of one test of a history: how it stands, bars, facts, what it said in each run.
"use strict";
window.fictures_history_panel = (data, drawn, icons) => {
  const make = window.fictures_make;
  const { runs, codes, names, columns } = data;
  const { texts } = drawn;
  const counted = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

  // The days of the first and the last bar.
  function ends(test) {
    const shown = runs.slice(-test.codes.length);
    const days = [shown[0], shown.at(-1)].map(([label, when]) => when || label);
    return make("p", { className: "ends" }, icons.named(days[0]), shown.length > 1 ? icons.named(days[1]) : "");
  }

  function caption(test) {
    const n = test.codes.length;
    const which = n < runs.length ? `The last ${n} of ${runs.length.toLocaleString("en")} runs` : n === 1 ? "One run" : `All ${n} runs`;
    const height = test.longest ? ` Height: duration, at most ${test.longest}.` : "";
    const kinds = new Set(Array.from(test.codes, (code) => codes[code]));
    const marks = [["failed", "failed (long)"], ["flaky", "passed on a retry (short)"]].filter(([kind]) => kinds.has(kind)).map(([, text]) => text);
    const below = marks.length ? ` Below: ${marks.join(", ")}.` : "";
    return make("p", { className: "caption", textContent: `${which}${n > 1 ? ", the latest at the right" : ""}.${height}${below}` });
  }

  function facts(test) {
    const pairs = test.facts.flatMap(([name, value]) => {
      const code = texts[name].startsWith("$");
      const said = code ? make("code", { textContent: texts[value] }) : icons.named(texts[value]);
      return [make("dt", { textContent: texts[name].replace("$", "") }), make("dd", {}, said, code ? copy(() => texts[value], "Copy") : "")];
    });
    return make("dl", {}, ...pairs);
  }

  function copy(what, words) {
    const button = make("button", { type: "button", className: "copy", textContent: words });
    button.addEventListener("click", () => window.fictures_copy(what(), button));
    return button;
  }

  const failureOf = ([run, code, why]) => {
    const [label, when, branch, outage] = runs[run];
    return { label, when, branch, outage, status: codes[code], why: texts[why] || "no reason given" };
  };

  const table = (test) => [["When (UTC)", "Run", "Branch", "Status", "What it said"], ...test.failures.map(failureOf).map((one) => [one.when, one.label, one.branch, names[one.status], one.why])]
    .map((cells) => cells.map((text) => text.replace(/\s+/g, " ")).join("\t")).join("\n");

  function failures(test) {
    const lines = test.failures.map(failureOf).map(({ label, when, branch, outage, status, why }) => make("li", {},
      icons.icon(status),
      make("div", {}, when || icons.named(label), make("span", { className: "run" }, icons.named([when && label, branch].filter(Boolean).join(", ")))),
      make("div", {}, icons.unseen(`${names[status]}: `), icons.named(why), outage ? make("span", { className: "run", textContent: "outage, not counted" }) : "")));
    const listed = test.failures.length;
    const words = test.n > listed ? `The newest ${listed} of ${counted(test.n, "failure", "failures")}` : "Every failure, newest first";
    return make("div", { className: "block-of" }, make("h4", {}, words, copy(() => table(test), "Copy as table")), make("ul", { className: "failures" }, ...lines));
  }

  return (body, test) => {
    body.replaceChildren(
      make("div", {}, make("p", { className: "crumb" }, icons.named(texts[test.place])), make("h3", { className: "panel-title" }, icons.named(test.title)),
        make("p", { className: "panel-marks" }, icons.icon(data.colours[test.standing]), make("span", { className: `standing ${data.colours[test.standing]}`, textContent: data.standings[test.standing] }))),
      make("p", { className: "sentence" }, icons.named(texts[test.sentence])),
      make("div", {}, drawn.bars(test), ends(test), caption(test)),
      ...(test.facts.length ? [facts(test)] : []), ...(test.failures.length ? [failures(test)] : []),
    );
  };
};

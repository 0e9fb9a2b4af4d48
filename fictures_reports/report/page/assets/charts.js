// Draws the charts that lie in the page as data.
"use strict";
(() => {
  const { vega, compile, expressionInterpreter } = window.fictures;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // A page that is one file needs nothing: whatever a specification asks for is refused.
  const refuse = () => Promise.reject(new Error("this report loads nothing"));
  const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

  const tip = document.createElement("div");
  tip.id = "tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);

  // Text only: names and messages in a tooltip come from test results.
  function showTip(event, item, value, rules) {
    tip.hidden = value == null || value === "";
    if (tip.hidden) return;
    const lines = typeof value === "object" ? Object.entries(value) : [["", value]];
    if (casesOf(item, rules)) lines.push(["", "Click to list these cases."]);
    tip.replaceChildren(
      ...lines.map(([key, text]) => {
        const line = document.createElement("div");
        line.textContent = key ? `${key}: ${text}` : String(text);
        return line;
      }),
    );
    const x = Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8);
    const y = Math.min(event.clientY + 12, innerHeight - tip.offsetHeight - 8);
    tip.style.left = `${Math.max(8, x)}px`;
    tip.style.top = `${Math.max(8, y)}px`;
  }

  function config(narrow) {
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink").trim();
    const soft = style.getPropertyValue("--ink-2").trim();
    const line = style.getPropertyValue("--line").trim();
    const labels = { labelColor: ink, titleColor: soft, labelFontSize: 12, titleFontWeight: "normal" };
    return {
      background: null,
      font: "system-ui, sans-serif",
      axis: { ...labels, gridColor: line, domainColor: line, tickColor: line },
      legend: narrow ? { ...labels, columns: 2 } : labels,
      text: { color: ink },
      title: { color: ink, subtitleColor: soft, fontSize: 14, anchor: "start" },
      view: { stroke: null },
    };
  }

  // charts/safe_names.py marks names that every object has.
  const unmarked = (value) => (typeof value === "string" ? value.replace(/\u2060$/, "") : value);

  // Which cases a bar stands for, as the address of the list filtered to them; null for other marks.
  function casesOf(item, rules) {
    const datum = item?.datum ?? {};
    const rule = rules.find(({ when }) => Object.entries(when).every(([field, value]) => datum[field] === value));
    const wanted = Object.entries(rule?.set ?? {}).map(([facet, field]) => [facet, unmarked(datum[field])]);
    return wanted.length && wanted.every(([, value]) => value != null) ? `cases?${new URLSearchParams(wanted)}` : null;
  }

  // Through the address, as the numbers in the tables do: back returns to where the reader was.
  function leadToCases(view, place, rules) {
    if (!rules.length) return;
    view.addEventListener("mousemove", (_event, item) => { place.style.cursor = casesOf(item, rules) ? "pointer" : ""; });
    view.addEventListener("click", (_event, item) => {
      const hash = casesOf(item, rules);
      if (hash && location.hash === `#${hash}`) dispatchEvent(new Event("hashchange"));
      else if (hash) location.hash = hash;
    });
  }

  const views = new Map();

  async function draw(figure) {
    const spec = JSON.parse(figure.querySelector("script").textContent);
    views.get(figure)?.finalize();
    let place = figure.querySelector(".plot");
    if (!place) {
      place = document.createElement("div");
      place.className = "plot";
      figure.append(place);
    }
    place.replaceChildren();
    title(figure, spec);
    const rules = (document.querySelector("div.cases") && spec.usermeta?.cases) || [];
    const narrow = figure.clientWidth < 560;
    if (narrow) shorten(spec, Math.round(figure.clientWidth * 0.42));
    const { spec: compiled } = compile(spec, { config: config(narrow), logger: quiet });
    const runtime = vega.parse(compiled, null, { ast: true });
    const view = new vega.View(runtime, {
      expr: expressionInterpreter, loader, renderer: "svg", container: place,
      hover: true, tooltip: (_handler, event, item, value) => showTip(event, item, value, rules), logLevel: vega.Warn,
    });
    views.set(figure, view);
    leadToCases(view, place, rules);
    await view.runAsync();
    figure.dataset.drawn = "yes";
  }

  // The title stands in the page, where it wraps and is read aloud, not in the drawing.
  function title(figure, spec) {
    const text = spec.title?.text ?? spec.title;
    if (!text) return;
    delete spec.title;
    let caption = figure.querySelector("figcaption");
    if (!caption) {
      caption = document.createElement("figcaption");
      figure.prepend(caption);
    }
    caption.textContent = text;
  }

  const quiet = { level: () => quiet, error: () => quiet, warn: () => quiet, info: () => quiet, debug: () => quiet };

  // On a phone the names of tests may take less than half of the width.
  function shorten(node, limit) {
    if (!node || typeof node !== "object") return;
    if (typeof node.labelLimit === "number") node.labelLimit = Math.min(node.labelLimit, limit);
    for (const [key, value] of Object.entries(node)) if (key !== "datasets") shorten(value, limit);
  }

  // A figure without a width is in a view that is not shown, in a browser that does not lay it out.
  function drawAll(which = "figure.chart") {
    for (const figure of document.querySelectorAll(which)) {
      if (!figure.clientWidth) continue;
      draw(figure).catch((error) => {
        figure.textContent = `This chart could not be drawn: ${error.message}`;
        console.error(error);
      });
    }
  }

  drawAll();
  addEventListener("viewshown", () => drawAll("figure.chart:not([data-drawn])"));
  addEventListener("themechange", () => drawAll());
  dark.addEventListener("change", () => drawAll());
  let width = innerWidth;
  let timer;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(timer);
    timer = setTimeout(() => drawAll(), 150);
  });
})();

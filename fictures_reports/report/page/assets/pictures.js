// Pictures: a comparison of screenshots as a slider, side by side or one at a time, and any picture
// large. Enter or a click opens it, Escape closes it, and the focus goes back by itself.
"use strict";
(() => {
  const make = window.fictures_make ?? ((tag, properties, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  });
  const dialog = make("dialog", { className: "picture" });
  const close = make("button", { type: "button", textContent: "Close" });
  const name = document.createElement("bdi");
  const large = document.createElement("img");
  dialog.append(close, " ", name, large);
  dialog.setAttribute("aria-label", "Picture");
  close.addEventListener("click", () => dialog.close());
  // The dialog itself is hit only beside what it shows.
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);

  function zoom(image) {
    const button = make("button", { type: "button", className: "zoom" });
    button.setAttribute("aria-label", `Enlarge ${image.alt}`);
    image.replaceWith(button);
    button.append(image);
    button.addEventListener("click", () => {
      large.src = image.src;
      large.alt = name.textContent = image.alt;
      dialog.showModal();
    });
  }

  // Expected on the left of the line, actual on the right of it.
  function slider(expected, actual) {
    const copy = (image, side) => make("img", { src: image.src, alt: image.alt, className: side });
    const range = make("input", { type: "range", min: 0, max: 100, value: 50 });
    range.setAttribute("aria-label", "How much of the expected picture is shown, in per cent");
    const box = make("div", { className: "slider" }, copy(actual, "actual"), copy(expected, "expected"), make("span", { className: "cut" }),
      make("span", { className: "side left", textContent: "Expected" }), make("span", { className: "side right", textContent: "Actual" }), range);
    const cut = () => box.style.setProperty("--cut", `${range.value}%`);
    range.addEventListener("input", cut);
    cut();
    return box;
  }

  const WAYS = { slider: "Slider", both: "Side by side", diff: "Difference", expected: "Expected", actual: "Actual" };
  function compare(list) {
    const sides = Object.fromEntries(Array.from(list.querySelectorAll(":scope > li[data-side]"), (side) => [side.dataset.side, side]));
    const image = (side) => sides[side]?.querySelector("img");
    const [expected, actual, diff] = [image("expected"), image("actual"), image("diff")];
    const ways = Object.keys(WAYS).filter((way) => ({ slider: expected && actual, both: expected && actual, diff, expected, actual })[way]);
    if (ways.length < 2) return;
    const box = expected && actual ? slider(expected, actual) : null;
    if (box) list.before(box);
    const control = make("div", { className: "segments" });
    control.setAttribute("role", "group");
    control.setAttribute("aria-label", "How the pictures are shown");
    const show = (way) => {
      if (box) box.hidden = way !== "slider";
      list.hidden = way === "slider";
      for (const [side, item] of Object.entries(sides)) item.hidden = way === "both" ? side === "diff" : side !== way;
      for (const button of control.children) button.setAttribute("aria-pressed", String(button.dataset.way === way));
    };
    for (const way of ways) {
      const button = make("button", { type: "button", textContent: WAYS[way] });
      button.dataset.way = way;
      button.addEventListener("click", () => show(way));
      control.append(button);
    }
    list.closest(".pictures-of").querySelector("h4").append(control);
    show(ways[0]);
  }

  // Prepares the pictures of a part of the page when it is shown; once.
  window.fictures_pictures = (part) => {
    for (const list of part.querySelectorAll("ul.pictures:not([data-ready])")) {
      list.dataset.ready = "yes";
      for (const image of list.querySelectorAll("img")) zoom(image);
      if (list.classList.contains("compared")) compare(list);
    }
  };
})();

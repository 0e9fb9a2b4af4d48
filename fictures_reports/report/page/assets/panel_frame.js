// A panel beside a list: opening, closing, the bar with its buttons, the keys, and where the focus
// goes. What stands in it is for others to fill: fictures_frame(label, handlers) returns
//   node, body       the panel, and the part of it to fill
//   open(state)      state: { position, before, after, link, from } – words, whether there is a row
//                    before and after, what "Copy link" copies, and what gets the focus back
//   close(quietly)   hides it; the focus goes back unless quietly
// handlers: { step(by), closed(), find() }. The keys j and k step, Escape closes, / finds.
"use strict";
window.fictures_make = (tag, properties = {}, ...children) => {
  const { aria = {}, ...others } = properties;
  const node = Object.assign(document.createElement(tag), others);
  for (const [name, value] of Object.entries(aria)) node.setAttribute(name === "role" ? "role" : `aria-${name}`, value);
  node.append(...children);
  return node;
};
// Copies a text; where a file may not use the clipboard, as an older way.
window.fictures_copy = async (text, button) => {
  const { textContent: name } = button;
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text, className: "unseen" });
    button.after(field);
    field.select();
    done = document.execCommand("copy");
    field.remove();
    button.focus();
  }
  button.textContent = done ? "Copied" : "Not copied";
  setTimeout(() => { button.textContent = name; }, 1500);
};
window.fictures_frame = (label, handlers) => {
  const make = window.fictures_make;
  const narrow = matchMedia("(max-width: 1179px)");
  let state = null;

  const button = (sign, name, on) => {
    const made = make("button", { type: "button", textContent: sign });
    if (name) {
      made.setAttribute("aria-label", name);
      made.title = name;
    }
    made.addEventListener("click", on);
    return made;
  };
  const position = make("span", { className: "position" });
  const up = button("↑", "Previous (k)", () => handlers.step(-1));
  const down = button("↓", "Next (j)", () => handlers.step(1));
  const copy = button("Copy link", "", () => window.fictures_copy(state.link, copy));
  copy.className = "copy-link";
  const shut = button("✕", "Close (Esc)", () => close());
  const bar = make("div", { className: "panel-bar" }, position, up, down, copy, shut);
  const body = make("div", { className: "panel-body" });
  const node = make("section", { className: "panel", hidden: true, tabIndex: -1, aria: { label } }, bar, body);

  // What lies below a panel that covers the page can be neither reached nor read.
  function cover() {
    const below = node.parentElement?.querySelectorAll(":scope > :not(.panel)") ?? [];
    for (const part of [...below, ...document.querySelectorAll(".top, .rail, footer")]) {
      part.inert = Boolean(state) && narrow.matches;
    }
  }
  narrow.addEventListener("change", cover);

  function open(next) {
    // From one row to the next the focus stays on the button; a row that opens the panel hands it over.
    const held = state && node.contains(document.activeElement);
    state = next;
    position.textContent = next.position;
    up.disabled = !next.before;
    down.disabled = !next.after;
    node.hidden = false;
    node.parentElement?.classList.add("has-panel");
    node.scrollTop = 0;
    cover();
    if (!held || document.activeElement.disabled) node.focus({ preventScroll: true });
  }

  function close(quietly = false) {
    if (!state) return;
    const { from } = state;
    state = null;
    node.hidden = true;
    node.parentElement?.classList.remove("has-panel");
    cover();
    handlers.closed();
    const back = typeof from === "function" ? from() : from;
    if (!quietly) back?.focus();
  }

  const typing = (target) => target.closest?.("input:not([type=range]), textarea, select, [contenteditable]");
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || node.closest("[hidden]:not(.panel)")) return;
    if (event.key === "Escape" && state) return close();
    if (typing(event.target)) return;
    if (event.key === "j" || event.key === "k") handlers.step(event.key === "j" ? 1 : -1);
    else return;
    event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (state && narrow.matches) close(true);
    event.preventDefault();
    handlers.find();
  });
  return { node, body, open, close, get isOpen() { return state !== null; } };
};

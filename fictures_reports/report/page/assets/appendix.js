// What the tests said, on paper: an appendix after all views, where the PDF or the button asks for it.
"use strict";
window.fictures_appendix = (proofs) => {
  const make = window.fictures_make;
  const root = document.documentElement;
  const main = document.getElementById("main");
  const ASKED = "with-evidence";
  const home = make("div", {});
  const part = make("section", { className: "printed-evidence" }, make("h2", { textContent: "Appendix: evidence" }));
  let folded = [];

  // A page of a PDF asks for it from the start; a button asks once.
  function lay() {
    if (!root.classList.contains(ASKED)) return;
    proofs.before(home);
    part.append(proofs);
    main.append(part);
    folded = Array.from(part.querySelectorAll("details:not([open])"));
    for (const one of folded) one.open = true;
  }
  function back() {
    if (!part.isConnected) return;
    for (const one of folded) one.open = false;
    home.replaceWith(proofs);
    part.remove();
    root.classList.remove(ASKED);
  }

  const button = make("button", { type: "button", textContent: "Print with evidence" });
  button.addEventListener("click", () => {
    root.classList.add(ASKED);
    print();
  });
  const hint = make("small", { textContent: "Adds what each test said, try by try, after the views." });
  (document.getElementById("about-the-data") ?? main.lastElementChild).append(make("p", { className: "print-with" }, button, " ", hint));
  return { lay, back };
};

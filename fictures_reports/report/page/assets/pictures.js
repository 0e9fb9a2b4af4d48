// Shows a picture large: Enter or a click opens it, Escape closes it, and focus goes back by itself.
"use strict";
(() => {
  const dialog = document.createElement("dialog");
  dialog.className = "picture";
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" });
  const name = document.createElement("bdi");
  const large = document.createElement("img");
  dialog.append(close, " ", name, large);
  dialog.setAttribute("aria-label", "Picture");
  close.addEventListener("click", () => dialog.close());
  // The dialog itself is hit only beside what it shows.
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);

  for (const image of document.querySelectorAll(".pictures img")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "zoom" });
    button.setAttribute("aria-label", `Enlarge ${image.alt}`);
    image.replaceWith(button);
    button.append(image);
    button.addEventListener("click", () => {
      large.src = image.src;
      large.alt = name.textContent = image.alt;
      dialog.showModal();
    });
  }
})();

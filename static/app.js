// Small things that make every page easier; none of them is needed to do one's work.
(() => {
  "use strict";

  // After a refused form the reader starts at what has to be put right.
  document.querySelector("[data-error-summary]")?.focus();

  // A wrapper that has nothing to scroll is no stop for the keyboard.
  const stops = () => {
    for (const box of document.querySelectorAll(".scroll")) {
      box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
    }
  };
  addEventListener("resize", stops);
  addEventListener("load", stops);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-print], [data-copy-to]");
    if (!button) return;
    if (button.hasAttribute("data-print")) {
      print();
      return;
    }
    // Last time's words, taken over by hand: put after what is already there, never in its place.
    const from = document.getElementById(button.dataset.copyFrom);
    const to = document.getElementById(button.dataset.copyTo);
    if (!from || !to) return;
    event.preventDefault(); // without a script the same button saves and lets the server copy
    to.value = [to.value.trimEnd(), from.textContent.trim()].filter(Boolean).join("\n\n");
    to.dispatchEvent(new Event("input", { bubbles: true }));
    to.focus();
  });

  // The same form is not sent twice by an eager hand. The server tolerates it; the reader is spared the doubt.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();

// A long file, or a register, takes a while: say so as soon as it is sent.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-progress]")) {
    form.addEventListener("submit", () => {
      const shown = form.querySelector("[data-progress-shown]");
      const file = form.querySelector("[type=file]");
      if (shown && (!file || file.files.length)) shown.hidden = false;
    });
  }
})();

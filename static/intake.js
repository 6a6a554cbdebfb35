// A long file takes a while: say so as soon as it is sent.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-progress]")) {
    form.addEventListener("submit", () => {
      const shown = form.querySelector("[data-progress-shown]");
      if (shown && form.querySelector("[type=file]")?.files.length) shown.hidden = false;
    });
  }
})();

// Reading and coding by keyboard. Without this every paragraph has its own address and the same form.
// The keys work only while a paragraph has the focus, so that nobody's own shortcuts are taken away.
(() => {
  "use strict";

  const list = document.querySelector("[data-coding]");
  const form = document.getElementById("coder");
  if (!list || !form) return;
  const places = [...list.querySelectorAll("[data-span]")];
  let here = places.indexOf(form.closest("[data-span]"));
  const field = (name) => form.elements.namedItem(name);
  const boxes = [...form.querySelectorAll('input[name="themes"]')];

  document.querySelector(".keys-told")?.removeAttribute("hidden");
  for (const [number, place] of places.entries()) place.tabIndex = number === here ? 0 : -1;

  const move = (to, focus = true) => {
    if (to < 0 || to >= places.length) return;
    places[here].classList.remove("current");
    places[here].tabIndex = -1;
    here = to;
    const place = places[here];
    place.classList.add("current");
    place.tabIndex = 0;
    place.append(form);
    field("span").value = place.dataset.span;
    field("seen").value = place.dataset.seen;
    field("go").value = places[here + 1]?.dataset.span ?? place.dataset.span;
    field("begins").value = "";
    field("words").value = "";
    field("note").value = place.dataset.note ?? "";
    const chosen = new Set((place.dataset.themes ?? "").split(" "));
    for (const box of boxes) box.checked = chosen.has(box.value);
    const address = new URL(location.href);
    address.searchParams.set("at", place.dataset.span);
    address.hash = "";
    history.replaceState(null, "", address);
    if (focus) {
      place.focus({ preventScroll: true });
      place.scrollIntoView({ block: "nearest" });
    }
  };

  list.addEventListener("click", (event) => {
    const way = event.target.closest("a");
    if (!way) return;
    if (way.dataset.go) {
      event.preventDefault();
      move(here + Number(way.dataset.go));
    } else if (way.closest(".to-code")) {
      event.preventDefault();
      move(places.indexOf(way.closest("[data-span]")));
    }
  });

  list.addEventListener("keydown", (event) => {
    if (event.target !== places[here] || event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^[1-9]$/.test(event.key) ? boxes[Number(event.key) - 1] : null;
    if (event.key === "j" || event.key === "ArrowDown") move(here + 1);
    else if (event.key === "k" || event.key === "ArrowUp") move(here - 1);
    else if (digit) digit.checked = !digit.checked;
    else if (event.key === "Enter") form.requestSubmit();
    else return;
    event.preventDefault();
  });

  // Words marked in the paragraph: its part, with where it begins.
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    const words = places[here].querySelector("[data-words]");
    if (!chosen.rangeCount || chosen.isCollapsed) return;
    const range = chosen.getRangeAt(0);
    if (!words.contains(range.startContainer) || !words.contains(range.endContainer)) return;
    const before = document.createRange();
    before.setStart(words, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const text = range.toString();
    const lead = text.length - text.trimStart().length;
    field("words").value = text.trim();
    field("begins").value = [...(before.toString() + text.slice(0, lead))].length;
  });
  field("words").addEventListener("input", () => {
    field("begins").value = "";
  });

  // After a saved mark, and when one comes back, reading goes on by keyboard.
  if (new URL(location.href).searchParams.has("at") && !document.querySelector("[data-error-summary]")) {
    places[here].focus({ preventScroll: true });
    places[here].scrollIntoView({ block: "nearest" });
  }
})();

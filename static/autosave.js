// Saves a text while it is being written. Contract: <form data-autosave data-signin="URL" data-token="URL" {{ autosave_attrs() }}>.
// One request at a time, so that what one tab sends arrives in order. A request whose fate is unknown is sent again with the same
// words and the same key until the server has answered; only then is what was written meanwhile sent. The text itself never leaves
// the page for the browser's storage. Without this script the form's own button saves.
(() => {
  "use strict";

  const REST = 2000; // milliseconds after the last key
  const PATIENCE = 30000; // for one answer
  const SLOWEST = 60000; // between two attempts
  const KEEPALIVE_BYTES = 60000; // browsers refuse more than 64 KiB once the page is going away

  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  function enhance(form) {
    const stateBox = form.querySelector("[data-save-state]") ?? document.querySelector("[data-save-state]");
    const url = new URL(form.getAttribute("action") || "", location.href);
    let edits = 0; // how often the text has changed
    let saved = 0; // the change that the server has last confirmed
    let pending = null; // {body, key, edit}: sent, or to be sent again
    let inFlight = false;
    let mode = "open"; // open | signin | conflict
    let timer = 0;
    let failures = 0;
    let submitter = null; // the button that waits for a save to end
    let leaving = false;
    let shown = "";

    const unsaved = () => edits !== saved;
    const hidden = (name) => form.querySelector(`input[type="hidden"][name="${name}"]`);
    const put = (name, value) => {
      const input = hidden(name);
      if (input) input.value = value;
    };

    function show(state, text, href, linkText) {
      if (!stateBox) return;
      const line = [state, text, href].join("|");
      if (line === shown) return; // spoken only when something has changed
      shown = line;
      stateBox.dataset.state = state;
      stateBox.replaceChildren(text ?? form.dataset[`text${state[0].toUpperCase()}${state.slice(1)}`] ?? "");
      if (href) {
        const link = Object.assign(document.createElement("a"), { href, textContent: linkText });
        if (state === "signin") Object.assign(link, { target: "_blank", rel: "noopener" });
        stateBox.append(" ", link);
      }
    }

    function schedule(wait) {
      clearTimeout(timer);
      timer = setTimeout(() => save(), wait);
    }

    function take() {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      return { body, key: newKey(), edit: edits };
    }

    async function send(keepalive) {
      pending.body.set("save_key", pending.key);
      pending.body.set("csrf_token", hidden("csrf_token")?.value ?? "");
      const body = pending.body.toString();
      return fetch(url, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-Autosave": "1", Accept: "application/json" },
        credentials: "same-origin",
        keepalive: keepalive && body.length < KEEPALIVE_BYTES,
        signal: AbortSignal.timeout(PATIENCE),
      });
    }

    async function save(keepalive = false) {
      clearTimeout(timer);
      timer = 0;
      if (inFlight || mode !== "open" || leaving) return;
      if (!pending) {
        if (!unsaved()) return;
        pending = take();
        put("save_key", pending.key);
      }
      inFlight = true;
      if (!failures) show("saving");
      let response = null;
      let answer = {};
      try {
        response = await send(keepalive);
        answer = await response.json().catch(() => ({}));
        if (response.status === 400 && answer.csrf && (await freshToken())) {
          response = await send(keepalive);
          answer = await response.json().catch(() => ({}));
        }
      } catch {
        response = null;
      }
      inFlight = false;
      judge(response, answer);
    }

    function judge(response, answer) {
      const status = response?.status ?? 0;
      if (status === 200 && answer.version !== undefined) return confirmed(answer);
      if (mode === "signin") return undefined; // the token said so
      if (status === 401) return signedOut(answer);
      if (status === 409) {
        mode = "conflict";
        show("conflict", answer.sentence ?? form.dataset.textConflict, answer.conflict, form.dataset.textConflictLink);
        return resubmit(); // who pressed Save gets the page that shows both texts
      }
      if (status >= 400 && status < 500 && status !== 408 && status !== 429 && !answer.csrf) {
        // Refused, not lost: nothing is gained by asking again with the same words.
        pending = null;
        failures = 0;
        show("refused", answer.sentence);
        return resubmit();
      }
      failures += 1;
      submitter = null;
      show("failed");
      return schedule(Math.min(SLOWEST, 1000 * 2 ** failures) * (0.5 + Math.random() / 2));
    }

    function confirmed(answer) {
      failures = 0;
      saved = pending.edit;
      pending = null;
      put("version", answer.version);
      problems(answer.problems ?? {});
      if (submitter) return resubmit();
      if (!unsaved()) return show("saved", answer.saved);
      show("unsaved");
      return timer || schedule(0);
    }

    function signedOut(answer) {
      mode = "signin";
      failures = 0;
      submitter = null;
      show("signin", answer.sentence, answer.signin ?? form.dataset.signin, form.dataset.textSigninLink);
    }

    // A new token from the server; false when nobody is signed in or the server cannot be reached.
    async function freshToken() {
      const response = await fetch(form.dataset.token, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
      const answer = await response.json().catch(() => ({}));
      if (response.ok && answer.csrf_token) {
        put("csrf_token", answer.csrf_token);
        return true;
      }
      if (response.status === 401) signedOut(answer);
      return false;
    }

    // Back in this tab, perhaps after signing in in another one.
    async function wake() {
      if (mode !== "signin") return failures && save();
      if ((await freshToken().catch(() => false)) && mode === "signin") {
        mode = "open";
        return save();
      }
      return undefined;
    }

    // What the server noted about single fields. Hints, not refusals: the text is saved.
    function problems(found) {
      for (const old of form.querySelectorAll("[data-problem]")) {
        for (const control of form.querySelectorAll(`[aria-describedby~="${old.id}"]`)) {
          const rest = control.getAttribute("aria-describedby").split(" ").filter((id) => id !== old.id);
          if (rest.length) control.setAttribute("aria-describedby", rest.join(" "));
          else control.removeAttribute("aria-describedby");
        }
        old.remove();
      }
      for (const cell of form.querySelectorAll('[data-grid] [aria-invalid="true"]')) {
        if (cell.name in found) continue;
        cell.removeAttribute("aria-invalid");
        document.getElementById(`${cell.id}-error`)?.remove();
      }
      for (const [name, sentence] of Object.entries(found)) {
        const control = [...form.elements].find((element) => element.name === name && element.type !== "hidden");
        const home = control?.closest("fieldset") ?? control?.closest(".ds-field") ?? form.querySelector("[data-problems]");
        if (!home) continue;
        const note = Object.assign(document.createElement("p"), { className: "problem", id: `problem-${name}`, textContent: sentence });
        note.dataset.problem = name;
        home.append(note);
        if (control?.closest("[data-grid]")) control.setAttribute("aria-invalid", "true");
        control?.setAttribute("aria-describedby", [control.getAttribute("aria-describedby"), note.id].filter(Boolean).join(" "));
      }
    }

    function resubmit() {
      const button = submitter;
      submitter = null;
      if (button === null) return;
      form.requestSubmit(button === form ? null : button);
    }

    function edited(event) {
      if (event.target.type === "hidden") return;
      edits += 1;
      if (mode !== "open") return;
      if (!inFlight && !failures) show("unsaved");
      if (!failures) schedule(REST);
    }

    form.addEventListener("input", edited);
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, [type=radio], [type=checkbox], [type=date]")) edited(event);
    });
    form.addEventListener("focusout", () => unsaved() && !failures && save());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") save(true);
      else wake();
    });
    addEventListener("focus", wake);
    addEventListener("online", () => save());

    // The visible button sends the form as ever, once the save on its way has ended: two at once would meet as a conflict with oneself.
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (inFlight) {
        event.preventDefault();
        submitter = event.submitter ?? form;
      } else if (mode === "signin") {
        event.preventDefault();
        wake();
      } else if (!navigator.onLine) {
        event.preventDefault();
        show("failed");
      } else {
        clearTimeout(timer);
        put("save_key", newKey());
        leaving = true;
      }
    });
    addEventListener("pageshow", () => {
      leaving = false;
    });
    addEventListener("beforeunload", (event) => {
      if (unsaved() && !leaving) event.preventDefault();
    });
  }

  for (const form of document.querySelectorAll("form[data-autosave]")) enhance(form);
})();

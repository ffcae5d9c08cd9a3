"use strict";
// What the pages do beyond HTML. Everything works without it, but times in the reader's own zone, the counter of what is
// selected, figures that move, and copying.
(() => {
  const each = (selector, action, root = document) => root.querySelectorAll(selector).forEach(action);

  const times = (root) => each("time[datetime]", (element) => {
    const date = new Date(element.dateTime);
    if (Number.isNaN(date.getTime()) || !element.dateTime.includes("T")) return;
    const options = { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" };
    if (date.getFullYear() !== new Date().getFullYear()) options.year = "numeric";
    element.title = date.toString();
    element.textContent = new Intl.DateTimeFormat("en-US", options).format(date);
  }, root);

  const selection = (form) => {
    const boxes = [...form.querySelectorAll("input[name=pick]")];
    const all = form.querySelector("[data-all]");
    const bar = form.querySelector(".picked");
    const count = form.querySelector("[data-count]");
    if (!bar || !count) return;
    const show = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      count.textContent = String(chosen);
      bar.hidden = chosen === 0;
      if (all) {
        all.checked = chosen > 0 && chosen === boxes.length;
        all.indeterminate = chosen > 0 && chosen < boxes.length;
      }
    };
    if (all) {
      all.closest("[hidden]")?.removeAttribute("hidden");
      all.addEventListener("change", () => {
        boxes.forEach((box) => { box.checked = all.checked; });
        show();
      });
    }
    boxes.forEach((box) => box.addEventListener("change", show));
    show();
  };

  // A change is sent once, however often somebody presses.
  const once = (form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    window.addEventListener("pageshow", () => { delete form.dataset.sent; });
  });

  const live = (place) => {
    const source = new EventSource(place.dataset.live);
    const state = document.querySelector("[data-live-state]");
    const say = (text) => { if (state && state.textContent !== text) state.textContent = text; };
    source.addEventListener("open", () => say("Live"));
    source.addEventListener("error", () => say("Reconnecting"));
    source.addEventListener("values", (event) => {
      say("Live");
      const values = JSON.parse(event.data);
      each("[data-value]", (element) => {
        const value = values[element.dataset.value];
        if (value !== undefined && element.textContent !== value) element.textContent = value;
        // Which colour goes with which word.
        for (const pair of (element.dataset.tones || "").split(";")) {
          const [word, tone] = pair.split("=");
          if (tone) element.classList.toggle(tone, word === element.textContent);
        }
      });
      each("[data-path]", (element) => {
        const value = values[element.dataset.path];
        if (value !== undefined) element.setAttribute("d", value);
      });
    });
    window.addEventListener("pagehide", () => source.close());
  };

  document.addEventListener("keydown", (event) => {
    const field = document.querySelector("[data-search]");
    const isTyping = event.target.closest("input, textarea, select");
    if (event.key !== "/" || !field || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  times(document);
  each("form[data-selection]", selection);
  each("form[method=post]", once);
  each("[data-live]", live);
  // In a page that came by plain HTTP from elsewhere a browser has no clipboard.
  if (navigator.clipboard) each("pre[data-copy]", (block) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy small";
    button.textContent = "Copy";
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = "Copied";
      window.setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    block.after(button);
  });
  each("[data-print]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();

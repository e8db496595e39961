// The clause editor's comforts: formatting keys, words kept on this device, the count. The page works without them.

// ── Words kept on this device until the server has them ────────────────────────────────────────────────────────────────
const KEPT = "cocharte-kept:";
const WORDS = ["title", "body", "references"];

const fields = (form) => WORDS.map((name) => form.elements.namedItem(name)).filter(Boolean);
const squeezed = (text) => (text || "").replace(/\s+/g, " ").trim();

function keep(form) {
  const kept = { at: new Date().toISOString() };
  for (const field of fields(form)) kept[field.name] = field.value;
  try {
    localStorage.setItem(KEPT + form.dataset.keep, JSON.stringify(kept));
  } catch {
    // a full or forbidden store only takes the comfort away
  }
}

function kept(form) {
  try {
    return JSON.parse(localStorage.getItem(KEPT + form.dataset.keep));
  } catch {
    return null;
  }
}

// The server says what it has saved: only then is the local copy dropped.
function forgetSaved(root) {
  for (const note of root.querySelectorAll("[data-forget]")) {
    localStorage.removeItem(KEPT + note.dataset.forget);
    localStorage.removeItem(`${KEPT}${note.dataset.forget}-settled`);
  }
  const address = new URL(location.href);
  if (address.searchParams.has("saved")) {
    address.searchParams.delete("saved");
    history.replaceState(history.state, "", address);
  }
}

function offerKept(form) {
  const words = kept(form);
  const notice = form.querySelector("[data-kept]");
  if (!words || !notice || fields(form).every((field) => squeezed(field.value) === squeezed(words[field.name]))) return;
  notice.querySelector("[data-kept-at]").textContent = new Date(words.at).toLocaleString(document.documentElement.lang);
  notice.querySelector("[data-kept-words]").textContent = words.body || words.title;
  notice.hidden = false;
  notice.querySelector("[data-kept-take]").addEventListener("click", () => {
    for (const field of fields(form)) if (field.name in words) field.value = words[field.name];
    notice.hidden = true;
    form.elements.namedItem("body").dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.namedItem("body").focus();
  });
  notice.querySelector("[data-kept-drop]").addEventListener("click", () => {
    localStorage.removeItem(KEPT + form.dataset.keep);
    notice.hidden = true;
    form.elements.namedItem("body").focus();
  });
}

// ── Formatting ─────────────────────────────────────────────────────────────────────────────────────────────────────────
// execCommand keeps the browser's own undo; setRangeText is the way when it is gone.
function insert(area, text, from, to) {
  area.focus();
  area.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function wrap(area, before, after = before) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end);
  const inside = value.slice(start - before.length, start) === before && value.slice(end, end + after.length) === after;
  if (inside) {
    insert(area, chosen, start - before.length, end + after.length);
    area.setSelectionRange(start - before.length, end - before.length);
  } else {
    insert(area, before + chosen + after, start, end);
    area.setSelectionRange(start + before.length, end + before.length);
  }
}

function link(area) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end);
  insert(area, `[${chosen}](https://)`, start, end);
  const address = start + chosen.length + 3;
  area.setSelectionRange(chosen ? address : start + 1, chosen ? address + 8 : start + 1);
}

function lines(area, mark) {
  const { selectionStart, selectionEnd, value } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const stop = value.indexOf("\n", selectionEnd);
  const end = stop === -1 ? value.length : stop;
  const marked = value.slice(start, end).split("\n").map((line, index) => mark(index) + line.replace(/^(- |\d+\. )/, ""));
  const gap = start > 1 && value[start - 2] !== "\n" && !/^(- |\d+\. )/.test(value.slice(0, start - 1).split("\n").pop()) ? "\n" : "";
  insert(area, gap + marked.join("\n"), start, end);
}

const MARKS = {
  strong: (area) => wrap(area, "**"),
  em: (area) => wrap(area, "*"),
  link,
  list: (area) => lines(area, () => "- "),
  numbers: (area) => lines(area, (index) => `${index + 1}. `),
  undo: (area) => { area.focus(); document.execCommand("undo"); },
  redo: (area) => { area.focus(); document.execCommand("redo"); },
};
const KEYS = { b: "strong", i: "em", k: "link" };

// A toolbar is one stop of the Tab key; arrows go through its buttons.
function rove(bar) {
  const tools = [...bar.querySelectorAll("[data-mark]")];
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const index = tools.indexOf(document.activeElement);
    if (!step || index === -1) return;
    event.preventDefault();
    const next = tools[(index + step + tools.length) % tools.length];
    for (const tool of tools) tool.tabIndex = tool === next ? 0 : -1;
    next.focus();
  });
}

// ── Setting a form up, once, also after a swap ─────────────────────────────────────────────────────────────────────────
function set(form) {
  if (form.dataset.set) return;
  form.dataset.set = "1";
  const area = form.elements.namedItem("body");
  const count = form.querySelector("[data-count]");
  form.addEventListener("input", () => {
    keep(form);
    if (count) count.textContent = new Intl.NumberFormat(document.documentElement.lang).format([...area.value].length);
  });
  for (const plain of form.querySelectorAll("[data-nojs]")) plain.hidden = true;
  const bar = form.querySelector("[data-bar]");
  if (bar) {
    bar.hidden = false;
    rove(bar);
    bar.addEventListener("click", (event) => MARKS[event.target.closest("[data-mark]")?.dataset.mark]?.(area));
    area.addEventListener("keydown", (event) => {
      const mark = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && KEYS[event.key.toLowerCase()];
      if (mark) {
        event.preventDefault();
        MARKS[mark](area);
      }
    });
  }
  offerKept(form);
}

const setAll = () => {
  forgetSaved(document);
  document.querySelectorAll("form[data-keep]").forEach(set);
};

document.addEventListener("htmx:afterSwap", (event) => {
  setAll();
  if (event.target.id !== "editor") return;
  const editor = document.querySelector("#editor");
  editor.scrollIntoView();
  (editor.querySelector("[role=alert]") ?? editor.querySelector("h1")).focus();
});

// A refusal never takes the place of the text: it is said above it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (detail.xhr.status >= 400 && ["working-text", "saved"].includes(detail.target.id)) {
    detail.target = document.getElementById("messages");
    detail.swapOverride = "innerHTML";
    requestAnimationFrame(() => detail.target.scrollIntoView({ block: "center" }));
  }
});

// A clause that reaches the end of its section has no « down » any more: the focus stays with the clause.
let moving = "";
document.addEventListener("htmx:beforeRequest", (event) => {
  moving = event.target.closest("#working-text [id^='clause-'], #working-text .section")?.id ?? "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (moving && document.activeElement === document.body) document.getElementById(moving)?.focus();
});

// A save without leaving the page: the words are with the server unless more was typed meanwhile.
let sent = "";
const typed = (form) => JSON.stringify(fields(form).map((field) => field.value));
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("form[data-keep]")) sent = typed(event.target);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  if (form.matches?.("form[data-keep]") && event.detail.successful && typed(form) === sent) {
    localStorage.removeItem(KEPT + form.dataset.keep);
  }
});

setAll();

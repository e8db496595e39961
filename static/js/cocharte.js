// Everything here is a comfort: each page works without it.

// A draft of what is being typed survives a crash, a lost session or a cut network, on this device only.
const DRAFT = "cocharte-draft:";
const key = (field) => DRAFT + field.dataset.draft;

function keepDrafts(root) {
  for (const field of root.querySelectorAll("textarea[data-draft]")) {
    const kept = localStorage.getItem(key(field));
    if (kept && !field.value) {
      field.value = kept;
    }
    field.addEventListener("input", () => localStorage.setItem(key(field), field.value));
  }
}

// A draft is dropped once the server took the words: a redirect or a swapped fragment without an error.
document.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll("textarea[data-draft]")) {
    sessionStorage.setItem("cocharte-sent", key(field));
  }
});

function dropSentDraft() {
  const sent = sessionStorage.getItem("cocharte-sent");
  if (sent && !document.querySelector(".field--error, .notice--danger")) {
    localStorage.removeItem(sent);
  }
  sessionStorage.removeItem("cocharte-sent");
}

// With htmx no page is loaded: the draft is dropped when the server took the words, before its answer is put in place.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { isError, requestConfig } = event.detail;
  if (isError || requestConfig?.verb !== "post") return;
  for (const field of requestConfig.elt.querySelectorAll("textarea[data-draft]")) localStorage.removeItem(key(field));
  sessionStorage.removeItem("cocharte-sent");
});

// A cut network or a failing server is told beside the button: the words are still there.
function sayUnsent(event) {
  const { xhr, requestConfig } = event.detail;
  if (event.type === "htmx:responseError" && xhr.status < 500) return;
  const note = document.createElement("p");
  note.className = "field__error unsent";
  note.setAttribute("role", "alert");
  requestConfig.elt.after(note);
  note.textContent = document.body.dataset.unsent;
}
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, sayUnsent);
document.addEventListener("htmx:beforeRequest", () => {
  for (const note of document.querySelectorAll(".unsent")) note.remove();
});

// Ctrl+S saves the form one is writing in.
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    const form = document.activeElement?.closest("form[data-save]");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
  }
});

// One menu open at a time; Escape and a click elsewhere close it.
function closeMenus(except) {
  for (const menu of document.querySelectorAll(".bar details[open]")) {
    if (menu !== except) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest(".bar details")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector(".bar details[open]");
    closeMenus();
    open?.querySelector("summary").focus();
  }
});

// On a phone the margin is a sheet from the bottom: a native <dialog>, filled by htmx.
document.addEventListener("htmx:afterSwap", (event) => {
  keepDrafts(event.target);
  const dialog = event.target.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});

// After an error the reader is taken to it.
document.addEventListener("DOMContentLoaded", () => {
  dropSentDraft();
  keepDrafts(document);
  document.querySelector('[role="alert"]')?.focus();
});

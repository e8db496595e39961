// The reading page: writing and threads open beside the clause, or from the bottom of a phone. Without this, they are pages.

const WIDE = "(min-width: 70rem)";
const wide = () => window.matchMedia(WIDE).matches;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-clause]");
  if (!link || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const sheet = document.getElementById("sheet");
  const margin = document.getElementById(`margin-clause-${link.dataset.clause}`);
  const url = link.href.split("#")[0];
  if (wide() && margin && "write" in link.dataset) {
    event.preventDefault();
    window.htmx.ajax("GET", `${url}?place=margin&write=1`, { target: margin, swap: "outerHTML" });
  } else if (!wide() && sheet) {
    event.preventDefault();
    const write = "write" in link.dataset ? "&write=1" : "";
    window.htmx.ajax("GET", `${url}?place=sheet${write}`, { target: sheet, swap: "innerHTML" });
  }
});

// A click beside the sheet closes it, as on any phone.
document.getElementById("sheet")?.addEventListener("click", (event) => {
  const box = event.currentTarget.getBoundingClientRect();
  if (event.target === event.currentTarget && event.clientY < box.top) event.currentTarget.close();
});

// From one commented clause to the next, from wherever one is in the text.
const commented = () =>
  [...document.querySelectorAll(".clause")].filter((clause) => clause.querySelector(".act--threads"));

function step(direction) {
  const edge = document.querySelector(".bar").getBoundingClientRect().bottom + 32;
  const places = commented().map((clause) => [clause, clause.getBoundingClientRect().top - edge]);
  const next = direction > 0
    ? places.find(([, top]) => top > 8)
    : places.findLast(([, top]) => top < -8);
  return next?.[0];
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-step]");
  const clause = link && step(Number(link.dataset.step));
  if (!clause) return;
  event.preventDefault();
  clause.scrollIntoView();
  const thread = document.querySelector(`#margin-${clause.id} .thread`);
  (wide() && thread ? thread.querySelector("summary") : clause.querySelector(".clause__number")).focus({ preventScroll: true });
});

// Whoever works by keyboard stays where the words went: the button they pressed is no longer there.
function keepPlace(swapped, target) {
  if (document.activeElement !== document.body || (swapped.id !== target.id && swapped.parentElement !== target)) return;
  const thread = swapped.closest(".thread[open]") ?? swapped.querySelector(".thread[open]");
  const clause = swapped.id.startsWith("margin-") && document.getElementById(swapped.id.slice("margin-".length));
  const place = thread?.querySelector("summary") ?? (clause && clause.querySelector("a[data-write]"));
  place?.focus({ preventScroll: true });
}

// The contents follow the reader; and again when fresh counts were put into them.
let watcher;
function follow() {
  watcher?.disconnect();
  for (const link of document.querySelectorAll("[data-step][hidden]")) link.hidden = false;
  const links = new Map(
    [...document.querySelectorAll(".outline a[href^='#clause-'], .outline a[href^='#section-']")]
      .filter((link) => !("step" in link.dataset))
      .map((link) => [link.hash.slice(1), link]),
  );
  watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const [id, link] of links) {
        if (id === entry.target.id) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
      links.get(entry.target.closest(".section")?.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-15% 0px -75% 0px" });
  const outline = document.querySelector(".outline");
  outline?.classList.add("outline--follow");
  if (outline && wide()) outline.open = true;
  for (const clause of document.querySelectorAll(".clause[id]")) watcher.observe(clause);
}

// On a phone the contents close once a place is chosen.
document.addEventListener("click", (event) => {
  const outline = document.querySelector(".outline");
  if (outline?.open && !wide() && event.target.closest(".outline a")) outline.open = false;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.addEventListener("htmx:afterSettle", (event) => {
  follow();
  keepPlace(event.target, event.detail.target);
});
window.matchMedia(WIDE).addEventListener("change", (event) => {
  const outline = document.querySelector(".outline");
  if (outline) outline.open = event.matches;
});
follow();

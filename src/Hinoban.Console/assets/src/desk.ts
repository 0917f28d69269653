import { all, one, onContent } from "./dom";

// Selection is by incident, never by place: the queue moves under the operator's hand.
let selected = "";
let order = "";
let movedAt = -Infinity;
let selectedByItself = true;

function rows(): HTMLElement[] {
  return all("[data-incident]");
}

function mark(scroll: boolean): void {
  for (const row of rows()) {
    const here = row.dataset.incident === selected;
    row.toggleAttribute("data-ui-selected", here);
    if (here && scroll) row.scrollIntoView({ block: "nearest" });
  }
}

export function move(by: number): void {
  const list = rows();
  if (list.length === 0) return;
  const at = list.findIndex(r => r.dataset.incident === selected);
  const next = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  selected = next.dataset.incident!;
  selectedByItself = false;
  mark(true);
}

export function open(): void {
  one<HTMLAnchorElement>(`[data-incident="${CSS.escape(selected)}"] .inc-link`)?.click();
}

/** On the desk the selected row, on an incident's page that incident. A claim right after the queue moved by itself is not taken. */
export function claim(): void {
  const form = one<HTMLFormElement>("[data-incident-page] form[data-claim]")
    ?? one<HTMLFormElement>(`[data-incident="${CSS.escape(selected)}"] form[data-claim]`);
  if (!form || (selectedByItself && performance.now() - movedAt < 700)) return;
  form.requestSubmit();
}

function settle(): void {
  const list = rows();
  const now = list.map(r => r.dataset.incident).join(" ");
  if (order && now !== order) {
    movedAt = performance.now();
    document.body.classList.add("settling");
    setTimeout(() => { if (performance.now() - movedAt >= 450) document.body.classList.remove("settling"); }, 500);
  }
  order = now;
  if (!list.some(r => r.dataset.incident === selected)) {
    selected = list.find(r => r.dataset.stage === "Unclaimed")?.dataset.incident ?? list[0]?.dataset.incident ?? "";
    selectedByItself = true;
  }
  mark(false);
}

export function startDesk(): void {
  document.addEventListener("click", e => {
    const row = (e.target as Element).closest<HTMLElement>("[data-incident]");
    if (!row) return;
    selected = row.dataset.incident!;
    selectedByItself = false;
    mark(false);
    if (!(e.target as Element).closest("a,button,form,input,summary") && !getSelection()?.toString()) open();
  });
  onContent(settle);
}

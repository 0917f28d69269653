import htmx from "./globals";
import { all, one, onContent } from "./dom";

// Filter: the list follows the typing, and the address follows the filter.
function startFilter(): void {
  let later = 0;
  document.addEventListener("input", e => {
    const form = (e.target as Element).closest<HTMLFormElement>("form[data-filter]");
    if (!form) return;
    clearTimeout(later);
    later = window.setTimeout(() => {
      const query = new URLSearchParams([...new FormData(form)].filter(([, v]) => v !== "") as [string, string][]);
      const path = form.getAttribute("action") + (query.size ? `?${query}` : "");
      history.replaceState(null, "", path);
      // The page asks for the filtered list from now on; what is under way is waited for, so that the newest answer is the last.
      const page = one("#page")!;
      page.setAttribute("hx-get", path);
      htmx.trigger(page, "desk-filter");
    }, 180);
  });
}

// A step that changes a server: its sheet opens above the page, and its button waits until the host's name is typed.
async function openSheet(path: string): Promise<void> {
  const answer = await fetch(path, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } });
  if (!answer.ok) { location.href = path; return; }
  const dialog = document.createElement("dialog");
  dialog.className = "sheet sheet-danger";
  const form = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form");
  if (!form) { location.href = path; return; }
  dialog.setAttribute("aria-labelledby", "confirm-title");
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  one("#dialogs")!.append(dialog);
  htmx.process(dialog);
  guard();
  dialog.showModal();
}

function guard(): void {
  for (const form of all<HTMLFormElement>("form[data-confirm-host]")) {
    const typed = form.elements.namedItem("host") as HTMLInputElement;
    const run = one<HTMLButtonElement>("[data-run]", form)!;
    const check = () => { run.disabled = typed.value.trim() !== form.dataset.confirmHost; };
    typed.oninput = check;
    check();
  }
}

function startSheets(): void {
  document.addEventListener("click", e => {
    const opener = (e.target as Element).closest<HTMLElement>("[data-dialog]");
    if (opener && !(e as MouseEvent).ctrlKey && !(e as MouseEvent).metaKey) {
      e.preventDefault();
      void openSheet(opener.dataset.dialog!);
    }
    const closer = (e.target as Element).closest("dialog [data-close]");
    if (closer) {
      e.preventDefault();
      closer.closest("dialog")!.close();
    }
  });
  document.addEventListener("htmx:after:request", e => {
    const form = (e as CustomEvent).detail.ctx?.sourceElement as HTMLElement | undefined;
    const status = (e as CustomEvent).detail.ctx?.response?.status;
    if (form?.matches("form[data-closes]") && status < 500) form.closest("dialog")?.close();
    if (form?.matches("form[data-reset]") && status >= 200 && status < 300) {
      (form as HTMLFormElement).reset();
      form.closest("details")?.removeAttribute("open");
    }
    if (form?.matches("form[data-report]") && status >= 200 && status < 300) sessionStorage.removeItem(draftKey(form as HTMLFormElement));
  });
  guard();
}

// The report: what is typed survives a reload, and a newer draft waits beside it until it is taken.
function draftKey(form: HTMLFormElement): string {
  return `hinoban-report-${form.dataset.report}`;
}

function remember(form: HTMLFormElement): void {
  const typed = all<HTMLElement>("[data-part]", form).map(p => {
    const field = one<HTMLTextAreaElement>("textarea", p)!;
    return [p.dataset.part!, field.value, field.dataset.uiBase ?? field.defaultValue];
  });
  sessionStorage.setItem(draftKey(form), JSON.stringify(typed));
}

function ready(form: HTMLFormElement): void {
  const full = all<HTMLTextAreaElement>("textarea", form).every(t => t.value.trim() !== "");
  one<HTMLButtonElement>("[data-send]", form)!.disabled = !full;
  one("[data-send-needs]", form)!.hidden = full;
}

function refreshPart(part: HTMLElement): void {
  const field = one<HTMLTextAreaElement>("textarea", part)!;
  const draft = one<HTMLTemplateElement>("template[data-draft]", part)?.content.textContent ?? "";
  field.dataset.uiBase ??= field.defaultValue;
  if (draft !== field.dataset.uiBase && field.value === field.dataset.uiBase) {
    field.value = draft;
    field.dataset.uiBase = draft;
  }
  one(".newer", part)!.hidden = draft === field.dataset.uiBase;
}

function restore(form: HTMLFormElement): void {
  if (form.dataset.uiReady) return;
  form.dataset.uiReady = "true";
  const kept = JSON.parse(sessionStorage.getItem(draftKey(form)) ?? "[]") as string[][];
  for (const [name, value, base] of kept) {
    const field = one<HTMLTextAreaElement>(`[data-part="${CSS.escape(name)}"] textarea`, form);
    if (!field) continue;
    field.value = value;
    field.dataset.uiBase = base;
  }
}

function startReport(): void {
  document.addEventListener("input", e => {
    const form = (e.target as Element).closest<HTMLFormElement>("form[data-report]");
    if (form) { ready(form); remember(form); }
  });
  document.addEventListener("click", e => {
    const part = (e.target as Element).closest("[data-take]")?.closest<HTMLElement>("[data-part]");
    if (!part) return;
    const field = one<HTMLTextAreaElement>("textarea", part)!;
    field.value = one<HTMLTemplateElement>("template[data-draft]", part)?.content.textContent ?? "";
    field.dataset.uiBase = field.value;
    refreshPart(part);
    const form = part.closest<HTMLFormElement>("form[data-report]")!;
    ready(form);
    remember(form);
  });
  onContent(() => {
    for (const form of all<HTMLFormElement>("form[data-report]")) {
      restore(form);
      for (const part of all("[data-part]", form)) refreshPart(part);
      ready(form);
    }
  });
}

// A link into the page opens what it points at.
function startAnchors(): void {
  const openAt = () => {
    const at = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    at?.querySelector("details")?.setAttribute("open", "");
    for (let around = at?.closest("details"); around; around = around.parentElement?.closest("details")) around.setAttribute("open", "");
  };
  addEventListener("hashchange", openAt);
  openAt();
}

export function startForms(): void {
  startFilter();
  startSheets();
  startReport();
  startAnchors();
}

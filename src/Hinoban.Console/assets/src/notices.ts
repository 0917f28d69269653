import { one } from "./dom";

/** A short word at the edge of the page: what was done, or why it was refused. A refusal stays until it is dismissed. */
export function say(text: string, kind: string): void {
  const place = one("#notices");
  if (!place || !text) return;
  const notice = document.createElement("div");
  notice.className = `notice notice-${kind === "done" ? "done" : "refused"}`;
  notice.textContent = text;
  notice.addEventListener("click", () => notice.remove());
  place.append(notice);
  if (kind === "done") setTimeout(() => notice.remove(), 5000);
}

export function startNotices(): void {
  document.addEventListener("desk-notice", e => {
    const { text, kind } = (e as CustomEvent).detail;
    say(String(text), String(kind));
  });
  // Only what a person asked for is worth a word: a live fragment that fails shows as a page that is no longer live.
  document.addEventListener("htmx:error", e => {
    const ctx = (e as CustomEvent).detail.ctx;
    if (ctx?.request?.method === "POST") say(document.body.dataset.failed ?? "", "refused");
  });
}

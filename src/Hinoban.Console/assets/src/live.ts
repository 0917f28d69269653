import htmx from "./globals";
import { serverSaid } from "./clock";
import { one } from "./dom";

const silentAfter = 26_000;
let heard = performance.now();
let shownSince = performance.now();
let ended = false;

function showStale(stale: boolean): void {
  const bar = one("#stale");
  if (!bar) return;
  bar.hidden = !stale;
  document.body.classList.toggle("is-stale", stale);
}

function sessionEnded(): void {
  const bar = one("#stale");
  if (!bar) return;
  ended = true;
  one(".stale-text", bar)!.textContent = bar.dataset.ended!;
  one(".stale-more", bar)!.hidden = true;
  const link = one<HTMLAnchorElement>(".stale-sign-in", bar)!;
  link.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.hidden = false;
  showStale(true);
}

function watch(stream: HTMLElement): void {
  if (document.hidden || ended) return;
  const since = Math.max(heard, shownSince);
  const stale = performance.now() - since > silentAfter;
  showStale(stale);
  if (stale && !(stream as any)._htmx?.sse) htmx.trigger(stream, "desk-reconnect");
}

export function startLive(): void {
  const stream = one("#stream");
  if (!stream) return;
  for (const name of ["desk-hello", "desk-beat"]) {
    document.body.addEventListener(name, e => {
      heard = performance.now();
      serverSaid(Number((e as CustomEvent).detail.data));
      if (!ended) showStale(false);
    });
  }
  document.addEventListener("htmx:sse:error", e => {
    if ((e as CustomEvent).detail.status === 401) sessionEnded();
  });
  document.addEventListener("htmx:response:error", e => {
    if ((e as CustomEvent).detail.ctx?.response?.status === 401) sessionEnded();
  });
  document.addEventListener("visibilitychange", () => { shownSince = performance.now(); });
  setInterval(() => watch(stream), 1000);
}

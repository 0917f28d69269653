import { all, english, one, onContent } from "./dom";

// The server's clock decides; this computer's may be minutes off. A beat arrives late, never early: the largest offset is the best.
let offset = Number(document.documentElement.dataset.now) - Date.now();

export function serverNow(): number {
  return Date.now() + offset;
}

export function serverSaid(at: number): void {
  const seen = at - Date.now();
  if (seen > offset || Math.abs(seen - offset) > 2000) offset = seen;
}

const soonShare = 0.5;
const urgentShare = 0.8;

export type Level = "calm" | "soon" | "urgent" | "over";

function levelOf(start: number, due: number, now: number): Level {
  const share = (now - start) / (due - start);
  return share >= 1 ? "over" : share >= urgentShare ? "urgent" : share >= soonShare ? "soon" : "calm";
}

function digits(ms: number): string {
  const s = Math.floor(Math.abs(ms) / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${minutes}` : minutes;
}

function span(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  if (s < 60) return english ? `${s} s` : `${s}秒`;
  if (s < 3600) return english ? `${Math.floor(s / 60)} min ${two(s % 60)} s` : `${Math.floor(s / 60)}分${two(s % 60)}秒`;
  if (s < 86400) return english ? `${Math.floor(s / 3600)} h ${two(Math.floor(s / 60) % 60)} min` : `${Math.floor(s / 3600)}時間${two(Math.floor(s / 60) % 60)}分`;
  return english ? `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h` : `${Math.floor(s / 86400)}日${Math.floor(s / 3600) % 24}時間`;
}

function write(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

const levels = new Map<string, Level>();

function tickSlo(face: HTMLElement, now: number): void {
  const start = Number(face.dataset.start), due = Number(face.dataset.due);
  const level = levelOf(start, due, now);
  const name = `slo slo-${level}`;
  if (face.className !== name) face.className = name;
  write(one(".slo-digits", face), (level === "over" ? "+" : "") + digits(due - now));
  const label = one(".slo-label", face);
  write(label, (level === "over" ? label?.dataset.over : label?.dataset.left) ?? "");
  const bar = one<HTMLProgressElement>("progress", face);
  if (bar) bar.value = Math.min(bar.max, Math.max(0, (now - start) / 1000));
  const id = face.dataset.slo!;
  const before = levels.get(id);
  if (before && before !== level) document.dispatchEvent(new CustomEvent("slo-level", { detail: { id, level } }));
  levels.set(id, level);
}

const clockFace = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: document.documentElement.dataset.zone || undefined,
});

function tick(): void {
  const now = serverNow();
  for (const face of all("[data-slo]")) tickSlo(face, now);
  for (const face of all("[data-slo-waiting]")) write(one(".slo-digits", face), digits(now - Number(face.dataset.sloWaiting)));
  for (const age of all("[data-age]")) write(age, span(now - Number(age.dataset.age)) + (age.dataset.after ?? ""));
  write(one("#now"), clockFace.format(now));
}

export function startClock(): void {
  onContent(tick);
  const next = () => {
    tick();
    setTimeout(next, 1000 - (serverNow() % 1000) + 5);
  };
  next();
}

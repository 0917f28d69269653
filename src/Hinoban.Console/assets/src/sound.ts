import { one, onContent } from "./dom";

// Two soft tones for a new incident, three rising ones when its time runs out. Browsers allow sound only after a touch.
let audio: AudioContext | null = null;
const key = "hinoban-sound";
const wanted = () => localStorage.getItem(key) !== "off";

function tone(at: number, pitch: number, length: number): void {
  if (!audio) return;
  const oscillator = audio.createOscillator(), gain = audio.createGain();
  oscillator.type = "sine";
  oscillator.frequency.value = pitch;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.22, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + length);
}

function play(pitches: number[]): void {
  if (!wanted() || !audio || audio.state !== "running") return;
  pitches.forEach((pitch, i) => tone(audio!.currentTime + i * 0.22, pitch, 0.5));
}

function show(button: HTMLElement): void {
  const blocked = wanted() && audio?.state !== "running";
  button.hidden = false;
  button.setAttribute("aria-pressed", String(wanted()));
  button.classList.toggle("tool-blocked", blocked);
  button.title = (blocked ? button.dataset.blocked : button.dataset.on) ?? "";
}

function wake(button: HTMLElement): void {
  if (!wanted()) return;
  audio ??= new AudioContext();
  audio.resume().then(() => show(button));
}

let known: Set<string> | null = null;

function unclaimed(): void {
  const strip = one("#strip");
  if (!strip) return;
  const ids = (strip.dataset.unclaimed ?? "").split(" ").filter(i => i);
  if (known && ids.some(i => !known!.has(i))) play([660, 880]);
  known = new Set(ids);
  const title = one("#page")?.dataset.title ?? "";
  document.title = `${ids.length > 0 ? `(${ids.length}) ` : ""}${title ? title + " – " : ""}${english() ? "Hinoban" : "火の番"}`;
  const icon = one<HTMLLinkElement>("link[rel=icon]");
  const face = ids.length > 0 ? icon?.dataset.alert : icon?.dataset.calm;
  if (icon && face && icon.getAttribute("href") !== face) icon.href = face;
}

const english = () => document.body.dataset.language === "en";

export function startSound(): void {
  const title = one("#page")?.dataset.title;
  if (title) document.title = `${title} – ${english() ? "Hinoban" : "火の番"}`;
  const button = one("#sound");
  if (!button) return;
  show(button);
  button.addEventListener("click", () => {
    if (wanted() && audio?.state === "running") localStorage.setItem(key, "off");
    else localStorage.removeItem(key);
    wake(button);
    show(button);
  });
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => { if (audio?.state !== "running") wake(button); }, { passive: true });
  document.addEventListener("slo-level", e => {
    const { level } = (e as CustomEvent).detail;
    if (level === "soon") play([660, 660]);
    if (level === "urgent") play([660, 880, 990]);
    if (level === "over") play([990, 990, 990]);
  });
  onContent(unclaimed);
}

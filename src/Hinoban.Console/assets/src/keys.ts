import { one, typing } from "./dom";
import { claim, move, open } from "./desk";

const places: Record<string, string> = { d: "/", h: "/hosts", s: "/sites", m: "/mails" };
let went = false;

function help(): void {
  one<HTMLDialogElement>("#help")?.showModal();
}

function act(key: string): boolean {
  if (went) {
    went = false;
    if (places[key]) location.href = places[key];
    return !!places[key];
  }
  switch (key) {
    case "j": case "ArrowDown": if (!one("[data-incident]")) return false; move(1); return true;
    case "k": case "ArrowUp": if (!one("[data-incident]")) return false; move(-1); return true;
    case "Enter": if (!one("[data-incident]")) return false; open(); return true;
    case "c": claim(); return true;
    case "n": one("#note")?.focus(); return true;
    case "/": one("[data-search]")?.focus(); return true;
    case "u": location.href = "/"; return true;
    case "g": went = true; setTimeout(() => { went = false; }, 1200); return true;
    case "?": help(); return true;
    default: return false;
  }
}

export function startKeys(): void {
  const button = one("#keys");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", help);
  }
  document.addEventListener("keydown", e => {
    if (e.key === "Escape" && typing()) (document.activeElement as HTMLElement).blur();
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat && e.key === "c" || typing() || one("dialog[open]")) return;
    if (e.key === "Enter" && (document.activeElement as HTMLElement | null)?.matches("a,button,summary,input")) return;
    if (act(e.key)) e.preventDefault();
  });
}

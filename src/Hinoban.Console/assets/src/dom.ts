export const english = document.body.dataset.language === "en";

export function all<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)];
}

export function one<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(selector);
}

/** Calls back at the start and after each fragment that has come in. */
export function onContent(callback: () => void): void {
  document.addEventListener("htmx:after:swap", callback);
  callback();
}

export function typing(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && (at as HTMLInputElement).type !== "checkbox" && (at as HTMLInputElement).type !== "radio");
}

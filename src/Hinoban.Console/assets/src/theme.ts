// Runs before the first paint, so that a dark room stays dark.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function apply(): void {
  if (root.dataset.theme === "system") root.dataset.bsTheme = dark.matches ? "dark" : "light";
}

apply();
dark.addEventListener("change", apply);
root.classList.add("js");

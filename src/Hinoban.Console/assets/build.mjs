// Builds the console's few static files: one style sheet, one script, one early theme script, one icon sprite.
// node build.mjs MODULES OUT: packages come from MODULES/node_modules, results go to OUT.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { brotliCompressSync, constants } from "node:zlib";
import { purge } from "./purge.mjs";

const [modules, out] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const packages = join(modules, "node_modules");
const require = createRequire(pathToFileURL(join(modules, "package.json")));
const esbuild = require("esbuild");

const shared = {
  bundle: true, minify: true, write: false, logLevel: "warning", legalComments: "none",
  nodePaths: [packages], absWorkingDir: here, target: ["chrome120", "firefox121", "safari17"],
};

// What we take of the framework, besides its variables and element styles. Everything else is left out of the sheet.
const taken = new Set(`alert alert-danger alert-success alert-warning btn btn-danger btn-lg btn-primary btn-sm
  form-check-input form-control form-control-lg form-select spinner-border spinner-border-sm visually-hidden`.split(/\s+/));

async function bundle(entry, options = {}) {
  const built = await esbuild.build({ ...shared, ...options, entryPoints: [join(here, "src", entry)] });
  return built.outputFiles[0].text;
}

function sprite() {
  const listed = readFileSync(join(here, "..", "Parts", "Icons.cs"), "utf8");
  const names = [...listed.matchAll(/=\s*"([a-z0-9-]+(?:\/[a-z0-9-]+)?)"/g)].map(m => m[1]);
  const symbols = names.map(name => {
    const [style, icon] = name.includes("/") ? name.split("/") : ["outline", name];
    const svg = readFileSync(join(packages, "@tabler", "icons", "icons", style, `${icon}.svg`), "utf8");
    const inner = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s+/g, " ").trim();
    const paint = style === "filled" ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="i-${name.replace("/", "-")}" viewBox="0 0 24 24" ${paint}>${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" class="sprite" aria-hidden="true">${symbols.join("")}</svg>`;
}

const results = {
  "console.css": purge(await bundle("framework.css"), taken) + await bundle("console.css"),
  "console.js": await bundle("main.ts"),
  "theme.js": await bundle("theme.ts"),
  "icons.svg": sprite(),
  "favicon.svg": readFileSync(join(here, "src", "favicon.svg"), "utf8"),
  "favicon-alert.svg": readFileSync(join(here, "src", "favicon-alert.svg"), "utf8"),
};

mkdirSync(out, { recursive: true });
for (const [name, text] of Object.entries(results)) {
  const bytes = Buffer.from(text);
  writeFileSync(join(out, name), bytes);
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
}

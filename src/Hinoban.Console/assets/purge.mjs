// Leaves out the style rules of classes that we do not use: the framework's sheet is thirty times what we need.

/** css: minified; words: the classes in use. A rule stays if one of its selectors has only known classes. */
export function purge(css, words) {
  const [rules] = block(css, 0, words);
  return rules;
}

function block(css, from, words) {
  let result = "", at = from;
  while (at < css.length && css[at] !== "}") {
    const end = headEnd(css, at);
    const head = css.slice(at, end);
    if (css[end] !== "{") {
      result += head + (css[end] === ";" ? ";" : "");
      at = end + 1;
      continue;
    }
    const close = matching(css, end);
    const body = css.slice(end + 1, close);
    result += rule(head.trim(), body, words);
    at = close + 1;
  }
  return [result, at];
}

function rule(head, body, words) {
  if (/^@(media|supports|layer|container)/.test(head)) {
    const [inner] = block(body, 0, words);
    return inner ? `${head}{${inner}}` : "";
  }
  if (/^@font-face/.test(head)) return "";
  const frames = head.match(/^@(?:-webkit-)?keyframes\s+(\S+)/);
  if (frames) return words.has(frames[1]) ? `${head}{${body}}` : "";
  if (head[0] === "@") return `${head}{${body}}`;
  const kept = split(head).filter(s => known(s, words));
  return kept.length ? `${kept.join(",")}{${body}}` : "";
}

function known(selector, words) {
  const plain = selector.replace(/:(not|is|where|has)\((?:[^()]|\([^()]*\))*\)/g, "");
  return (plain.match(/\.((?:\\.|[A-Za-z0-9_-])+)/g) ?? []).every(c => words.has(c.slice(1).replace(/\\/g, "")));
}

function split(head) {
  const parts = [];
  let depth = 0, start = 0;
  for (let i = 0; i < head.length; i++) {
    if ("([".includes(head[i])) depth++;
    else if (")]".includes(head[i])) depth--;
    else if (head[i] === "," && depth === 0) { parts.push(head.slice(start, i)); start = i + 1; }
  }
  parts.push(head.slice(start));
  return parts.map(p => p.trim());
}

function headEnd(css, at) {
  let quote = "", depth = 0;
  for (let i = at; i < css.length; i++) {
    const c = css[i];
    if (quote) { if (c === "\\") i++; else if (c === quote) quote = ""; }
    else if (c === '"' || c === "'") quote = c;
    else if (c === "(") depth++;
    else if (c === ")") depth--;
    else if (depth === 0 && (c === "{" || c === ";" || c === "}")) return i;
  }
  return css.length;
}

function matching(css, open) {
  let quote = "", depth = 0, round = 0;
  for (let i = open; i < css.length; i++) {
    const c = css[i];
    if (quote) { if (c === "\\") i++; else if (c === quote) quote = ""; }
    else if (c === '"' || c === "'") quote = c;
    else if (c === "(") round++;
    else if (c === ")") round--;
    else if (round === 0 && c === "{") depth++;
    else if (round === 0 && c === "}" && --depth === 0) return i;
  }
  return css.length;
}

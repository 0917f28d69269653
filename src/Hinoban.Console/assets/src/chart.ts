import { all } from "./dom";
import { one } from "./dom";

// The chart is drawn by the server; here only the reading under the pointer.
type Point = { minute: number; value: number | null; status: number; least: number | null; most: number | null };

const parsed = new WeakMap<Element, { text: string; points: Point[] }>();

function pointsOf(line: SVGPathElement): Point[] {
  const text = line.dataset.points ?? "";
  const known = parsed.get(line);
  if (known && known.text === text) return known.points;
  const points = text.split(" ").filter(p => p).map(p => {
    const [minute, value, status, least, most] = p.split(",");
    return {
      minute: Number(minute), value: value === "" ? null : Number(value), status: Number(status),
      least: least ? Number(least) : null, most: most ? Number(most) : null,
    };
  });
  parsed.set(line, { text, points });
  return points;
}

function nearest(points: Point[], minute: number, gap: number): Point | null {
  let low = 0, high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].minute < minute) low = middle + 1; else high = middle;
  }
  const best = low > 0 && minute - points[low - 1].minute < points[low].minute - minute ? low - 1 : low;
  return points[best] && Math.abs(points[best].minute - minute) < gap ? points[best] : null;
}

function figure(value: number, unit: string): string {
  const seconds = unit === "s" ? value : unit === "ms" ? value / 1000 : unit === "us" ? value / 1e6 : null;
  if (seconds !== null && seconds >= 0) return seconds >= 1 ? `${seconds.toFixed(2)} s` : `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
  return `${Number(value.toPrecision(4)).toLocaleString("en-GB")}${unit ? ` ${unit}` : ""}`;
}

function words(point: Point | null, unit: string): string {
  if (!point) return "–";
  const state = ["", " WARNING", " CRITICAL", " UNKNOWN"][point.status] ?? "";
  if (point.value === null) return state.trim() || "–";
  const range = point.least === null || point.most === null ? "" : ` (${figure(point.least, unit)} – ${figure(point.most, unit)})`;
  return figure(point.value, unit) + range + state;
}

function read(svg: SVGSVGElement, at: number): void {
  const { left, right, from, to, unit, gap } = svg.dataset;
  const share = Math.min(1, Math.max(0, (at - Number(left)) / (Number(right) - Number(left))));
  const minute = share * (Number(to) - Number(from)) / 60_000;
  const cursor = one<SVGLineElement>(".cursor", svg)!;
  const x = String(Number(left) + share * (Number(right) - Number(left)));
  cursor.setAttribute("x1", x);
  cursor.setAttribute("x2", x);
  cursor.setAttribute("visibility", "visible");
  const figure = svg.closest("figure")!;
  for (const line of all<SVGPathElement>("[data-points]", svg)) {
    const place = one(`[data-read="${CSS.escape(line.dataset.site!)}"]`, figure);
    if (!place) continue;
    place.dataset.rest ??= place.textContent ?? "";
    place.textContent = words(nearest(pointsOf(line), minute, Math.max(15, Number(gap))), unit ?? "");
  }
  one("[data-read-time]", figure)!.textContent = new Intl.DateTimeFormat("en-GB", {
    ...(Number(to) - Number(from) > 90_000_000 ? { day: "2-digit", month: "short" } : {}), hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: document.documentElement.dataset.zone || undefined,
  }).format(Number(from) + minute * 60_000);
}

function rest(svg: SVGSVGElement): void {
  one(".cursor", svg)?.setAttribute("visibility", "hidden");
  const figure = svg.closest("figure")!;
  for (const place of all("[data-read]", figure)) if (place.dataset.rest !== undefined) { place.textContent = place.dataset.rest; delete place.dataset.rest; }
  one("[data-read-time]", figure)!.textContent = "";
}

export function startCharts(): void {
  document.addEventListener("pointermove", e => {
    const svg = (e.target as Element).closest?.<SVGSVGElement>("svg[data-chart]");
    if (!svg) return;
    const box = svg.getBoundingClientRect();
    read(svg, (e.clientX - box.left) * (svg.viewBox.baseVal.width / box.width));
  }, { passive: true });
  document.addEventListener("pointerout", e => {
    const svg = (e.target as Element).closest?.<SVGSVGElement>("svg[data-chart]");
    if (svg && !svg.contains(e.relatedTarget as Element | null)) rest(svg);
  }, { passive: true });
  document.addEventListener("keydown", e => {
    const svg = (e.target as Element).closest?.<SVGSVGElement>("svg[data-chart]");
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[e.key];
    if (!svg || !step || e.ctrlKey || e.metaKey || e.altKey) return;
    const { left, right } = svg.dataset;
    const cursor = one<SVGLineElement>(".cursor", svg)!;
    const now = cursor.getAttribute("visibility") === "visible" ? Number(cursor.getAttribute("x1")) : Number(right);
    read(svg, now + step * (Number(right) - Number(left)) / 200);
    e.preventDefault();
  });
  document.addEventListener("focusout", e => {
    const svg = (e.target as Element).closest?.<SVGSVGElement>("svg[data-chart]");
    if (svg) rest(svg);
  });
}

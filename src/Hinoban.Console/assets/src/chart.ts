import { all } from "./dom";
import { one } from "./dom";

// The chart is drawn by the server; here only the reading under the pointer.
type Point = { minute: number; value: number | null; status: number };

const parsed = new WeakMap<Element, { text: string; points: Point[] }>();

function pointsOf(line: SVGPathElement): Point[] {
  const text = line.dataset.points ?? "";
  const known = parsed.get(line);
  if (known && known.text === text) return known.points;
  const points = text.split(" ").filter(p => p).map(p => {
    const [minute, value, status] = p.split(",");
    return { minute: Number(minute), value: value === "" ? null : Number(value), status: Number(status) };
  });
  parsed.set(line, { text, points });
  return points;
}

function nearest(points: Point[], minute: number): Point | null {
  let low = 0, high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].minute < minute) low = middle + 1; else high = middle;
  }
  const best = low > 0 && minute - points[low - 1].minute < points[low].minute - minute ? low - 1 : low;
  return points[best] && Math.abs(points[best].minute - minute) < 15 ? points[best] : null;
}

function words(point: Point | null): string {
  if (!point) return "–";
  const state = ["", " WARNING", " CRITICAL", " UNKNOWN"][point.status] ?? "";
  if (point.value === null) return state.trim() || "–";
  return (point.value >= 1000 ? `${(point.value / 1000).toFixed(2)} s` : `${point.value.toFixed(point.value < 10 ? 1 : 0)} ms`) + state;
}

function read(svg: SVGSVGElement, at: number): void {
  const { left, right, from, to } = svg.dataset;
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
    place.textContent = words(nearest(pointsOf(line), minute));
  }
  one("[data-read-time]", figure)!.textContent = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: document.documentElement.dataset.zone || undefined,
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
}

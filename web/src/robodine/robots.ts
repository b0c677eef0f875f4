/** Where the robots are, on a floor and in words. */
import type { Robot } from "@wirepact/services/robodine";

import { byId, element, list, setText, svg } from "../dom.ts";
import type { Restaurant } from "./restaurant.ts";

const LOW = 35;

const floor = byId("floor", SVGSVGElement);
const rows = byId("robots", HTMLTableSectionElement);
const empty = byId("robots-empty", HTMLElement);
const health = byId("robodine-status", HTMLElement);

export function drawRobots({ sortedRobots, status }: Restaurant): void {
  const placed = sortedRobots.filter(({ position }) => position !== undefined);
  list(byId("floor-robots", SVGGElement), placed, ({ id }) => id, mark);
  for (const each of placed) move(each);
  floor.setAttribute("aria-label", `Floor with ${placed.length} robots; the table has them`);
  list(rows, sortedRobots, ({ id }) => id, row);
  for (const each of sortedRobots) fill(each);
  empty.hidden = sortedRobots.length > 0;
  const [worst] = [...status.all].sort(
    (a, b) => Number(a.state === "ok") - Number(b.state === "ok"),
  );
  setText(health, worst ? `${worst.state}${worst.message ? ` · ${worst.message}` : ""}` : "");
}

function mark({ id }: Robot): SVGElement {
  const nose = svg("path", { d: "M0.56 0 L0.22 0.26 L0.22 -0.26 Z", class: "nose" });
  const heading = svg("g", { class: "heading" }, svg("circle", { r: "0.34" }), nose);
  const name = svg("text", { dy: "0.11" });
  name.textContent = id;
  return svg("g", { class: "robot" }, heading, name);
}

function move({ id, state, position }: Robot): void {
  const marked = document.querySelector<SVGGElement>(
    `#floor-robots [data-key="${CSS.escape(id)}"]`,
  );
  if (marked === null || position === undefined) return;
  marked.style.transform = `translate(${position.x}px, ${position.y}px)`;
  marked.dataset["state"] = state;
  const heading = marked.querySelector<SVGGElement>(".heading");
  if (heading) heading.style.transform = `rotate(${position.heading ?? 0}deg)`;
}

function row(): HTMLElement {
  const battery = element("meter");
  Object.assign(battery, { min: 0, max: 100, low: LOW, optimum: 100 });
  return element(
    "tr",
    "",
    element("th", "name"),
    element("td", "", element("span", "state")),
    element("td", "battery numeric", battery, element("span")),
  );
}

function fill({ id, name, state, battery }: Robot): void {
  const there = rows.querySelector(`[data-key="${CSS.escape(id)}"]`);
  const [title, word, cell] = there?.children ?? [];
  if (!title || !word || !cell) return;
  setText(title, name ? `${id} · ${name}` : id);
  const label = word.firstElementChild as HTMLElement;
  setText(label, state);
  label.dataset["state"] = state;
  const [meter, text] = cell.children as unknown as [HTMLMeterElement, HTMLElement];
  meter.hidden = battery === undefined;
  meter.value = battery ?? 0;
  meter.ariaLabel = `Battery of ${id}`;
  setText(text, battery === undefined ? "–" : `${Math.round(battery)} %`);
}

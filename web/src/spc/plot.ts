/** The control chart on its canvas: uPlot draws axes and follows the pointer, limits and values are drawn onto it. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import type { MeasuredValue, Product } from "@wirepact/services/spc";

import { clockText, valueText } from "../text.ts";
import {
  heightOf,
  labelPositions,
  type Line,
  limitText,
  linesOf,
  type LineKind,
  type Range,
  widthOf,
} from "./chart-data.ts";
import { outside } from "./outside.ts";

const HEIGHT = 320;
const LABEL_WIDTH = 92;
const LABEL_GAP = 15;
const MARK_RADIUS = 5.5;
const TIP_GAP = 12;
const FONT = "12px system-ui, sans-serif";
const DASHES: Readonly<Record<LineKind, readonly number[]>> = {
  spec: [],
  control: [7, 5],
  center: [2, 4],
};
const SAMPLE_STEPS = [1, 10, 100, 1000, 10_000].flatMap((by) => [by, 2 * by, 5 * by]);

/** A chart in `place`, in the colours that hold when it is made. */
export class Plot {
  readonly #plot: uPlot;
  readonly #tip = Object.assign(document.createElement("div"), { className: "tip" });
  readonly #resizing: ResizeObserver;
  #values: readonly MeasuredValue[] = [];
  #lines: readonly Line[] = [];

  constructor(place: HTMLElement) {
    this.#plot = new uPlot(this.#options(place.clientWidth || 600), [[], []], place);
    this.#plot.over.append(this.#tip);
    this.#resizing = new ResizeObserver(() =>
      this.#plot.setSize({ width: place.clientWidth, height: HEIGHT }),
    );
    this.#resizing.observe(place);
  }

  /** Draws the values of a product, in the order of their samples. */
  show(values: readonly MeasuredValue[], product: Product | undefined): void {
    this.#values = values;
    this.#lines = product ? linesOf(product) : [];
    this.#plot.setData([
      values.map(({ sample_number }) => sample_number),
      values.map(({ measurement_value }) => measurement_value),
    ]);
  }

  destroy(): void {
    this.#resizing.disconnect();
    this.#plot.destroy();
  }

  #options(width: number): uPlot.Options {
    const grid = { stroke: colour("--line"), width: 1 };
    const axis: uPlot.Axis = {
      stroke: colour("--quiet"),
      font: FONT,
      grid,
      ticks: { ...grid, size: 5 },
      values: (_, splits) => splits.map(valueText),
    };
    const samples: uPlot.Axis = {
      ...axis,
      size: 32,
      label: "Sample",
      labelFont: FONT,
      labelSize: 18,
      labelGap: 0,
      incrs: SAMPLE_STEPS,
    };
    return {
      width,
      height: HEIGHT,
      padding: [12, LABEL_WIDTH, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { setScale: false }, points: { show: false } },
      scales: {
        x: { time: false, range: () => pair(widthOf(this.#values)) },
        y: { range: () => pair(heightOf(this.#values, this.#lines)) },
      },
      axes: [samples, { ...axis, size: 58 }],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: {
        drawAxes: [(plot) => drawLines(plot, this.#lines)],
        draw: [(plot) => drawMarks(plot, this.#values)],
        setCursor: [(plot) => drawTip(plot, this.#tip, this.#values)],
      },
    };
  }
}

function drawLines({ ctx, bbox, valToPos }: uPlot, lines: readonly Line[]): void {
  const scale = devicePixelRatio;
  const heights = lines.map(({ value }) => valToPos(value, "y", true));
  const labels = labelPositions(heights, LABEL_GAP * scale);
  const end = bbox.left + bbox.width;
  ctx.save();
  ctx.font = `${12 * scale}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  lines.forEach(({ kind, label, value }, index) => {
    ctx.strokeStyle = ctx.fillStyle = colour(`--line-${kind}`);
    ctx.lineWidth = (kind === "spec" ? 2 : 1.5) * scale;
    ctx.setLineDash(DASHES[kind].map((dash) => dash * scale));
    ctx.beginPath();
    ctx.moveTo(bbox.left, heights[index] ?? 0);
    ctx.lineTo(end, heights[index] ?? 0);
    ctx.stroke();
    ctx.fillText(`${label} ${limitText(value, lines)}`, end + 8 * scale, labels[index] ?? 0);
  });
  ctx.restore();
}

/** Diamonds outside specification, dots outside control limits only: not by colour alone. */
function drawMarks({ ctx, valToPos }: uPlot, values: readonly MeasuredValue[]): void {
  const radius = MARK_RADIUS * devicePixelRatio;
  const [warning, danger] = [colour("--warning"), colour("--danger")];
  ctx.save();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.strokeStyle = colour("--card");
  for (const { sample_number, measurement_value, is_within_spec } of values) {
    ctx.fillStyle = is_within_spec ? warning : danger;
    ctx.translate(valToPos(sample_number, "x", true), valToPos(measurement_value, "y", true));
    ctx.beginPath();
    if (is_within_spec) ctx.arc(0, 0, radius, 0, 2 * Math.PI);
    else diamond(ctx, radius * 1.25);
    ctx.fill();
    ctx.stroke();
    ctx.resetTransform();
  }
  ctx.restore();
}

function diamond(ctx: CanvasRenderingContext2D, radius: number): void {
  ctx.moveTo(0, -radius);
  ctx.lineTo(radius, 0);
  ctx.lineTo(0, radius);
  ctx.lineTo(-radius, 0);
  ctx.closePath();
}

/** What is under the pointer, in words, above the point or below it. */
function drawTip(plot: uPlot, tip: HTMLElement, values: readonly MeasuredValue[]): void {
  const { idx, left = -1 } = plot.cursor;
  const value = idx == null || left < 0 ? undefined : values[idx];
  tip.hidden = value === undefined;
  if (value === undefined) return;
  const { sample_number, measurement_value, measured_at } = value;
  tip.replaceChildren(
    written("strong", "", `Sample ${sample_number}: ${valueText(measurement_value)}`),
    written("span", "quiet", `outside ${outside(value)}, ${clockText(measured_at)}`),
  );
  const x = plot.valToPos(sample_number, "x");
  const y = plot.valToPos(measurement_value, "y");
  const half = tip.offsetWidth / 2;
  tip.style.left = `${Math.min(Math.max(x, half), plot.over.clientWidth - half)}px`;
  tip.style.top = `${y < tip.offsetHeight + TIP_GAP ? y + TIP_GAP : y - tip.offsetHeight - TIP_GAP}px`;
}

function written(tag: "strong" | "span", className: string, textContent: string): HTMLElement {
  return Object.assign(document.createElement(tag), { className, textContent });
}

function pair({ min, max }: Range): [number, number] {
  return [min, max];
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

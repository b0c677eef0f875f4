/** The control chart: uPlot draws points and axes, the limits are drawn onto it. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import type { MeasuredValue, Product } from "@wirepact/services/spc";

import type { Board } from "./board.ts";
import {
  heightOf,
  labelPositions,
  type Line,
  type LineKind,
  linesOf,
  widthOf,
} from "./chart-data.ts";
import { byId, element, setText } from "../dom.ts";
import { clockText, roundedText, valueText } from "../text.ts";
import { outside } from "./values.ts";

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

const place = byId("plot", HTMLElement);
const empty = byId("plot-empty", HTMLElement);
const tip = element("div", "tip");

let plot: uPlot | undefined;
let values: readonly MeasuredValue[] = [];
let lines: readonly Line[] = [];
let drawn: readonly unknown[] = [];

/** Draws the chosen product; nothing if it looks as it did. */
export function drawChart(board: Board): void {
  const { product } = board;
  const track = board.track(board.selected);
  const isOn = product !== undefined && board.subscribed.has(product.id);
  setText(empty, values.length > 0 ? "" : invitation(product, isOn));
  if (drawn[0] === product && drawn[1] === track.values && drawn[2] === isOn) return;
  drawn = [product, track.values, isOn];
  values = track.values;
  lines = product ? linesOf(product) : [];
  setText(empty, values.length > 0 ? "" : invitation(product, isOn));
  place.setAttribute("aria-label", summary(product));
  plot ??= makePlot();
  plot.setData(dataOf(values));
}

/** Makes the chart anew: its colours, or the way it is drawn, changed. */
export function remakeChart(): void {
  plot?.destroy();
  plot = undefined;
  drawn = [];
}

function invitation(product: Product | undefined, isOn: boolean): string {
  if (product === undefined) return "";
  return isOn
    ? "Nothing outside the limits since live values are on"
    : "Switch on live values to see those outside the limits";
}

function summary(product: Product | undefined): string {
  if (product === undefined) return "No product chosen";
  const limits = lines.map(({ label, value }) => `${label} ${limitText(value)}`).join(", ");
  const outOfSpec = values.filter(({ is_within_spec }) => !is_within_spec).length;
  return (
    `Control chart of ${product.code}: ${limits}. Values outside specification: ${outOfSpec}, ` +
    `outside control limits only: ${values.length - outOfSpec}. The table below has them.`
  );
}

function makePlot(): uPlot {
  const grid = { stroke: colour("--line"), width: 1 };
  const axis: uPlot.Axis = {
    stroke: colour("--quiet"),
    font: FONT,
    grid,
    ticks: { ...grid, size: 5 },
    values: (_, splits) => splits.map(valueText),
  };
  const made = new uPlot(
    {
      width: place.clientWidth || 600,
      height: HEIGHT,
      padding: [12, LABEL_WIDTH, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { setScale: false }, points: { show: false } },
      scales: {
        x: { time: false, range: () => pair(widthOf(values)) },
        y: { range: () => pair(heightOf(values, lines)) },
      },
      axes: [
        {
          ...axis,
          size: 32,
          label: "Sample",
          labelFont: FONT,
          labelSize: 18,
          labelGap: 0,
          incrs: SAMPLE_STEPS,
        },
        { ...axis, size: 58 },
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: { drawAxes: [drawLines], draw: [drawMarks], setCursor: [drawTip] },
    },
    dataOf(values),
    place,
  );
  made.over.append(tip);
  return made;
}

function dataOf(values: readonly MeasuredValue[]): uPlot.AlignedData {
  return [
    values.map(({ sample_number }) => sample_number),
    values.map(({ measurement_value }) => measurement_value),
  ];
}

function drawLines({ ctx, bbox, valToPos }: uPlot): void {
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
    ctx.fillText(`${label} ${limitText(value)}`, end + 8 * scale, labels[index] ?? 0);
  });
  ctx.restore();
}

/** Diamonds outside specification, dots outside control limits only: not by colour alone. */
function drawMarks({ ctx, valToPos }: uPlot): void {
  const radius = MARK_RADIUS * devicePixelRatio;
  ctx.save();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.strokeStyle = colour("--card");
  for (const { sample_number, measurement_value, is_within_spec } of values) {
    ctx.fillStyle = colour(is_within_spec ? "--warning" : "--danger");
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

/** A computed limit, as fine as the tolerance makes sense. */
function limitText(value: number): string {
  const spec = lines.filter(({ kind }) => kind === "spec").map((line) => line.value);
  return roundedText(value, Math.max(...spec) - Math.min(...spec));
}

/** What is under the pointer, in words, above the point or below it. */
function drawTip(chart: uPlot): void {
  const { idx, left = -1 } = chart.cursor;
  const value = idx == null || left < 0 ? undefined : values[idx];
  tip.hidden = value === undefined;
  if (value === undefined) return;
  const { sample_number, measurement_value, measured_at } = value;
  tip.replaceChildren(
    element("strong", "", `Sample ${sample_number}: ${valueText(measurement_value)}`),
    element("span", "quiet", `outside ${outside(value)}, ${clockText(measured_at)}`),
  );
  const x = chart.valToPos(sample_number, "x");
  const y = chart.valToPos(measurement_value, "y");
  const half = tip.offsetWidth / 2;
  tip.style.left = `${Math.min(Math.max(x, half), chart.over.clientWidth - half)}px`;
  tip.style.top = `${y < tip.offsetHeight + TIP_GAP ? y + TIP_GAP : y - tip.offsetHeight - TIP_GAP}px`;
}

function pair({ min, max }: { readonly min: number; readonly max: number }): [number, number] {
  return [min, max];
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

new ResizeObserver(() => plot?.setSize({ width: place.clientWidth, height: HEIGHT })).observe(
  place,
);

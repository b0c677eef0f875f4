/** What the control chart shows, as numbers: limits and ranges. Knows no canvas. */
import type { MeasuredValue, Product } from "@wirepact/services/spc";

import { roundedText } from "../text.ts";

export type LineKind = "spec" | "control" | "center";

/** A horizontal line with its name. */
export interface Line {
  readonly kind: LineKind;
  readonly label: string;
  readonly value: number;
}

/** From where to where an axis goes. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

const MINIMUM_SAMPLES = 20;
const PADDING = 0.08;

export function linesOf({ lsl, usl, target, control_limits }: Product): readonly Line[] {
  return [
    { kind: "spec", label: "USL", value: usl },
    { kind: "spec", label: "LSL", value: lsl },
    ...(control_limits
      ? ([
          { kind: "control", label: "UCL", value: control_limits.upper },
          { kind: "control", label: "LCL", value: control_limits.lower },
          { kind: "center", label: "CL", value: control_limits.center },
        ] as const)
      : ([{ kind: "center", label: "Target", value: target }] as const)),
  ];
}

/** A computed limit, as fine as the tolerance makes sense. */
export function limitText(value: number, lines: readonly Line[]): string {
  const spec = lines.filter(({ kind }) => kind === "spec").map((line) => line.value);
  return roundedText(value, Math.max(...spec) - Math.min(...spec));
}

/** All values and all lines, with some air. */
export function heightOf(values: readonly MeasuredValue[], lines: readonly Line[]): Range {
  const all = [
    ...values.map(({ measurement_value }) => measurement_value),
    ...lines.map(({ value }) => value),
  ];
  if (all.length === 0) return { min: 0, max: 1 };
  const [min, max] = [Math.min(...all), Math.max(...all)];
  const air = (max - min || 1) * PADDING;
  return { min: min - air, max: max + air };
}

/** From the first sample to the last; `values` stand in the order of their sample numbers. Never so narrow that a single point looks like many. */
export function widthOf(values: readonly MeasuredValue[]): Range {
  const first = values[0]?.sample_number ?? 1;
  const last = values.at(-1)?.sample_number ?? 1;
  const end = Math.max(last, first + MINIMUM_SAMPLES - 1);
  return { min: first - 1, max: end + 1 };
}

/** Where labels are written: at their lines, and `gap` apart where lines are too close. Positions grow downwards. */
export function labelPositions(wanted: readonly number[], gap: number): readonly number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = [...wanted];
  for (let each = 1; each < order.length; each += 1) {
    const above = placed[order[each - 1]!]!;
    placed[order[each]!] = Math.max(placed[order[each]!]!, above + gap);
  }
  return placed;
}

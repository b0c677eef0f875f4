import type { MeasuredValue } from "@wirepact/services/spc";
import { expect, test } from "vitest";

import { heightOf, labelPositions, linesOf, widthOf } from "../../src/spc/chart-data.ts";

const PRODUCT = {
  id: 1,
  code: "BOLT-M10",
  name: "M10 볼트",
  lsl: 9.5,
  usl: 10.5,
  target: 10,
  subgroup_size: 5,
};
const LIMITS = {
  center: 10.01,
  lower: 9.9,
  upper: 10.12,
  mean_lower: 9.96,
  mean_upper: 10.06,
  range_center: 0.2,
  range_lower: 0,
  range_upper: 0.4,
};

function at(sample_number: number, measurement_value: number): MeasuredValue {
  return { sample_number, measurement_value } as MeasuredValue;
}

test("before there are control limits the target stands in the middle", () => {
  expect(linesOf(PRODUCT).map(({ label, value }) => [label, value])).toEqual([
    ["USL", 10.5],
    ["LSL", 9.5],
    ["Target", 10],
  ]);
});

test("control limits and their center take its place", () => {
  const lines = linesOf({ ...PRODUCT, control_limits: LIMITS });

  expect(lines.map(({ label, value }) => [label, value])).toEqual([
    ["USL", 10.5],
    ["LSL", 9.5],
    ["UCL", 10.12],
    ["LCL", 9.9],
    ["CL", 10.01],
  ]);
});

test("the chart is high enough for every line and every value", () => {
  const { min, max } = heightOf([at(1, 11), at(2, 9.8)], linesOf(PRODUCT));

  expect(min).toBeLessThan(9.5);
  expect(max).toBeGreaterThan(11);
});

test("a chart of nothing, or of one value without limits, has a height", () => {
  expect(heightOf([], [])).toEqual({ min: 0, max: 1 });
  expect(heightOf([at(1, 5)], [])).toEqual({ min: 4.92, max: 5.08 });
});

test("the chart is as wide as the samples, and twenty at least", () => {
  expect(widthOf([])).toEqual({ min: 0, max: 21 });
  expect(widthOf([at(50, 1)])).toEqual({ min: 49, max: 70 });
  expect(widthOf([at(50, 1), at(500, 1)])).toEqual({ min: 49, max: 501 });
});

test("labels that would overlap move down, the others stay", () => {
  expect(labelPositions([100, 10, 102, 104, 200], 15)).toEqual([100, 10, 115, 130, 200]);
});

import type { MeasuredValue, Product, QualityAlert, RuleViolation } from "@wirepact/services/spc";
import { beforeEach, expect, test } from "vitest";

import { Board, MAX_ALERTS, MAX_TRACKS, MAX_VALUES, MAX_VIOLATIONS } from "../../src/spc/board.ts";

let board: Board;

beforeEach(() => {
  board = new Board();
});

function product(id: number, more: Partial<Product> = {}): Product {
  return {
    id,
    code: `P${id}`,
    name: "볼트",
    lsl: 9,
    usl: 11,
    target: 10,
    subgroup_size: 5,
    ...more,
  };
}

function alert(id: number): QualityAlert {
  return {
    id,
    product_code: "BOLT-M10",
    product_name: "M10 볼트",
    alert_type: "OUT_OF_SPEC",
    priority: 4,
    title: "규격 이탈",
    message: "측정값이 상한 규격을 초과했습니다",
    status: "OPEN",
    created_at: "2026-01-11T12:00:00",
  };
}

function value(id: number, sample = id, product = 1): MeasuredValue {
  return {
    id,
    product_id: product,
    product_code: "BOLT-M10",
    measurement_value: 10.65,
    sample_number: sample,
    subgroup_number: 1,
    is_within_spec: false,
    is_within_control: true,
    measured_at: "2026-01-11T12:00:00",
  };
}

function numbers(end: number): number[] {
  return Array.from({ length: end }, (_, index) => index + 1);
}

test("the first product that is known is chosen, and stays chosen", () => {
  board.addProducts([product(2), product(3)]);
  board.addProducts([product(1)]);

  expect(board.products.map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(board.product?.id).toBe(2);
});

test("a product that comes again takes the place of what was known", () => {
  board.addProducts([product(1), product(2)]);
  board.addProducts([product(1, { name: "너트" })]);

  expect(board.products.map(({ name }) => name)).toEqual(["너트", "볼트"]);
});

test("alerts stand newest first, each once, however they arrive", () => {
  board.addAlerts([alert(3)]);
  const added = board.addAlerts([alert(5), alert(3), alert(4)]);

  expect(board.alerts.map(({ id }) => id)).toEqual([5, 4, 3]);
  expect(added.map(({ id }) => id)).toEqual([5, 4]);
});

test("of many alerts the newest are kept, and an older one is not taken for new", () => {
  board.addAlerts(numbers(MAX_ALERTS + 50).map(alert));
  const added = board.addAlerts([alert(7)]);

  expect(board.alerts).toHaveLength(MAX_ALERTS);
  expect(board.alerts.at(-1)?.id).toBe(51);
  expect(added).toEqual([]);
});

test("an alert that is heard has arrived once, newest first, and one that is known never", () => {
  board.addAlerts([alert(1)]);
  for (const each of [1, 2, 3, 2]) board.hearAlert(alert(each));

  expect(board.show().arrived.map(({ id }) => id)).toEqual([3, 2]);
  expect(board.show().arrived).toEqual([]);
  expect(board.show().alerts.map(({ id }) => id)).toEqual([3, 2, 1]);
});

test("what was shown stays as it was", () => {
  board.addProducts([product(1)]);
  board.subscribed.add(1);
  const shown = board.show();

  board.subscribed.add(2);
  board.addValue(value(1));
  board.hearAlert(alert(1));

  expect([...shown.subscribed]).toEqual([1]);
  expect(shown.track.values).toEqual([]);
  expect(shown.alerts).toEqual([]);
});

test("what hardly changes is the same object from frame to frame", () => {
  board.addProducts([product(1)]);
  const [before, after] = [board.show(), board.show()];

  expect(after.arrived).toBe(before.arrived);
  expect(after.track).toBe(before.track);
  expect(after.products).toBe(before.products);
});

test("values stand in the order of their samples, each once, the latest kept", () => {
  for (const sample of numbers(MAX_VALUES + 10).reverse()) board.addValue(value(sample));
  board.addValue(value(MAX_VALUES + 10));
  const samples = board.track(1).values.map(({ sample_number }) => sample_number);

  expect(samples).toEqual(numbers(MAX_VALUES + 10).slice(10));
});

test("products are not mixed up", () => {
  board.addValue(value(1, 1, 1));
  board.addValue(value(2, 2, 2));

  expect(board.track(1).values.map(({ id }) => id)).toEqual([1]);
  expect(board.track(undefined).values).toEqual([]);
});

test("what was heard longest ago is forgotten first", () => {
  for (const each of numbers(MAX_TRACKS)) board.addValue(value(each, each, each));
  board.addValue(value(1000, 1000, 1));
  board.addValue(value(1001, 1001, 1001));

  expect(board.track(1).values).toHaveLength(2);
  expect(board.track(2).values).toEqual([]);
  expect(board.track(3).values).toHaveLength(1);
});

test("violations stand newest first and do not grow without end", () => {
  const violation = (rule: number): RuleViolation => ({
    rule,
    rule_name: "one point beyond 3 sigma",
    product_id: 1,
    product_code: "BOLT-M10",
    sample_numbers: [1],
    detected_at: "2026-01-11T12:00:00",
  });
  for (const rule of numbers(MAX_VIOLATIONS + 5)) board.addViolation(violation(rule));

  expect(board.violations).toHaveLength(MAX_VIOLATIONS);
  expect(board.violations[0]?.rule).toBe(MAX_VIOLATIONS + 5);
});

import { expect, test } from "vitest";

import { MAX_EVENTS, Restaurant } from "../../src/robodine/restaurant.ts";

test("robots and tables stand in the order of their numbers", () => {
  const restaurant = new Restaurant();
  restaurant.robots.take(["r10", "r2"].map((id) => ({ id, state: "idle" })));
  restaurant.tables.take(["t3", "t1"].map((id) => ({ id, state: "free" })));

  const { robots, tables } = restaurant.show();
  expect(robots.map(({ id }) => id)).toEqual(["r2", "r10"]);
  expect(tables.map(({ id }) => id)).toEqual(["t1", "t3"]);
});

test("an order stands in one column at most, and a cancelled one in none", () => {
  const restaurant = new Restaurant();
  const states = ["new", "cooking", "done", "served", "cancelled"] as const;
  restaurant.orders.take(states.map((state) => ({ id: state, state, lines: [] })));

  const shown = restaurant.show().columns.map(({ orders }) => orders.map(({ id }) => id));

  expect(shown).toEqual([["new"], ["cooking"], ["done"], ["served"]]);
});

test("orders wait oldest first, events are read newest first, and not all of them", () => {
  const restaurant = new Restaurant();
  const times = Array.from({ length: MAX_EVENTS + 5 }, (_, index) => index);
  restaurant.events.take(times.map((at) => ({ id: `e${at}`, kind: "k", timestamp: at })));
  restaurant.orders.take(
    [2, 1].map((at) => ({ id: `o${at}`, state: "new", lines: [], timestamp: at })),
  );

  const { events, columns } = restaurant.show();
  expect(events).toHaveLength(MAX_EVENTS);
  expect(events[0]?.timestamp).toBe(MAX_EVENTS + 4);
  expect(columns[0]?.orders.map(({ id }) => id)).toEqual(["o1", "o2"]);
});

test("what is not ok is what is said of the system", () => {
  const restaurant = new Restaurant();
  restaurant.status.take([{ id: "system", state: "ok" }]);
  expect(restaurant.show().health?.id).toBe("system");

  restaurant.status.take([{ id: "r1", state: "degraded" }]);

  expect(restaurant.show().health?.id).toBe("r1");
});

import { expect, test } from "vitest";

import { COLUMNS, MAX_EVENTS, Restaurant } from "../../src/robodine/restaurant.ts";

test("robots and tables stand in the order of their numbers", () => {
  const restaurant = new Restaurant();
  restaurant.robots.take(["r10", "r2"].map((id) => ({ id, state: "idle" })));
  restaurant.tables.take(["t3", "t1"].map((id) => ({ id, state: "free" })));

  expect(restaurant.sortedRobots.map(({ id }) => id)).toEqual(["r2", "r10"]);
  expect(restaurant.sortedTables.map(({ id }) => id)).toEqual(["t1", "t3"]);
});

test("an order stands in one column at most, and a cancelled one in none", () => {
  const restaurant = new Restaurant();
  const states = ["new", "cooking", "done", "served", "cancelled"] as const;
  restaurant.orders.take(states.map((state) => ({ id: state, state, lines: [] })));

  const shown = COLUMNS.map((column) => restaurant.ordersIn(column.states).map(({ id }) => id));

  expect(shown).toEqual([["new"], ["cooking"], ["done"], ["served"]]);
});

test("orders wait oldest first, events are read newest first, and not all of them", () => {
  const restaurant = new Restaurant();
  const times = Array.from({ length: MAX_EVENTS + 5 }, (_, index) => index);
  restaurant.events.take(times.map((at) => ({ id: `e${at}`, kind: "k", timestamp: at })));
  restaurant.orders.take(
    [2, 1].map((at) => ({ id: `o${at}`, state: "new", lines: [], timestamp: at })),
  );

  expect(restaurant.latestEvents).toHaveLength(MAX_EVENTS);
  expect(restaurant.latestEvents[0]?.timestamp).toBe(MAX_EVENTS + 4);
  expect(restaurant.ordersIn(["new"]).map(({ id }) => id)).toEqual(["o1", "o2"]);
});

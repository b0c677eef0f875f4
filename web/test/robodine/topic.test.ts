import type { Order } from "@wirepact/services/robodine";
import { beforeEach, expect, test } from "vitest";

import { MAX_RECORDS, Topic } from "../../src/robodine/topic.ts";

let topic: Topic<Order>;

beforeEach(() => {
  topic = new Topic();
  topic.opened();
});

function order(id: string, state: Order["state"] = "new"): Order {
  return { id, state, lines: [] };
}

test("records are added, changed and removed", () => {
  topic.take([order("o1"), order("o2")]);
  topic.take([order("o1", "done")]);
  topic.take([{ id: "o2", removed: true }]);

  expect(topic.all).toEqual([order("o1", "done")]);
});

test("after a reconnect the first update is all that there is", () => {
  topic.take([order("o1"), order("o2")]);
  topic.opened();
  topic.take([order("o2")]);
  topic.take([order("o3")]);

  expect(topic.all.map(({ id }) => id)).toEqual(["o2", "o3"]);
});

test("what came first is forgotten first, where there is too much", () => {
  topic.take(Array.from({ length: MAX_RECORDS + 2 }, (_, index) => order(`o${index}`)));

  expect(topic.all).toHaveLength(MAX_RECORDS);
  expect(topic.all[0]?.id).toBe("o2");
});

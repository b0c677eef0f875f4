import type { Order, OrderStatus } from "@wirepact/services/clinic";
import { beforeEach, expect, test } from "vitest";

import { Hospital, MAX_CHANGES, SHOWN_OVER } from "../../src/clinic/hospital.ts";

let hospital: Hospital;

beforeEach(() => {
  hospital = new Hospital();
});

function order(id: number, revision = 1, status: OrderStatus = "ordered"): Order {
  const minutes = String(id).padStart(2, "0");
  return {
    order_id: `ORD-${id}`,
    patient_id: "P-100",
    department: "radiology",
    order_type: "CHEST_XRAY",
    status,
    revision,
    created_at: `2026-01-11T03:${minutes}:00Z`,
    updated_at: `2026-01-11T03:${minutes}:00Z`,
  };
}

function ids(): string[] {
  return hospital.orders.map(({ order_id }) => order_id);
}

test("open orders stand oldest first, and after them those that are over", () => {
  hospital.showOrders([order(1), order(2), order(3)]);
  hospital.order(order(1, 2, "completed"));

  expect(ids()).toEqual(["ORD-2", "ORD-3", "ORD-1"]);
});

test("an older state does not take the place of a newer one", () => {
  hospital.order(order(1, 3, "completed"));
  hospital.order(order(1, 2, "in_progress"));

  expect(hospital.orders.map(({ status }) => status)).toEqual(["completed"]);
});

test("a snapshot is all that is open", () => {
  hospital.order(order(1));
  hospital.showOrders([order(2)]);

  expect(ids()).toEqual(["ORD-2"]);
});

test("of orders that are over the latest are shown", () => {
  for (let id = 1; id <= SHOWN_OVER + 2; id += 1) hospital.order(order(id, 2, "cancelled"));

  expect(ids()).toHaveLength(SHOWN_OVER);
  expect(ids()[0]).toBe(`ORD-${SHOWN_OVER + 2}`);
});

test("who is here stands before who was, and nobody twice", () => {
  const [kim, lee] = ["Kim", "Lee"].map((name) => ({ user_id: name, user_name: name }));
  hospital.showPeople({
    type: "PRESENCE_SNAPSHOT",
    online: [lee!],
    offline: [{ ...kim!, last_seen: "2026-01-11T03:00:00Z" }],
  });
  expect(hospital.people.map(({ user_name }) => user_name)).toEqual(["Lee", "Kim"]);

  hospital.online({ type: "USER_ONLINE", ...kim! });
  hospital.offline({ type: "USER_OFFLINE", ...lee!, last_seen: "2026-01-11T04:00:00Z" });

  expect(hospital.people.map(({ user_name }) => user_name)).toEqual(["Kim", "Lee"]);
});

test("a job is shown as it is now, the latest first", () => {
  for (const [job, status] of [
    ["1", "pending"],
    ["2", "pending"],
    ["1", "completed"],
  ] as const) {
    hospital.job({ type: "AI_INFERENCE_RESULT", job_id: job, status, result: {} });
  }

  expect(hospital.jobs.map(({ job_id, status }) => [job_id, status])).toEqual([
    ["1", "completed"],
    ["2", "pending"],
  ]);
});

test("changes stand newest first, do not grow without end, and one's own stand apart", () => {
  const granted = { type: "PERMISSION_GRANTED", user_id: "7", timestamp: "" } as const;
  for (let number = 0; number < MAX_CHANGES + 5; number += 1) {
    hospital.changed({ ...granted, permission: `p${number}` });
  }
  hospital.ownChanged({ ...granted, permission: "mine" });

  expect(hospital.changes).toHaveLength(MAX_CHANGES);
  expect(hospital.changes[0]).toMatchObject({ permission: `p${MAX_CHANGES + 4}` });
  expect(hospital.ownChanges).toHaveLength(1);
});

test("what is shown does not change any more, and what is as it was stays the same", () => {
  hospital.showOrders([order(1), order(2)]);
  hospital.online({ type: "USER_ONLINE", user_id: "7", user_name: "Kim" });
  const granted = { type: "PERMISSION_GRANTED", user_id: "7", timestamp: "" } as const;
  hospital.changed({ ...granted, permission: "view" });
  const before = hospital.show();

  hospital.order(order(2, 2, "completed"));
  hospital.offline({
    type: "USER_OFFLINE",
    user_id: "7",
    user_name: "Kim",
    last_seen: "2026-01-11T03:00:00Z",
  });
  const after = hospital.show();

  expect(before).toMatchObject({ open: 2, online: 1, changes: [{ who: "Kim" }] });
  expect(after).toMatchObject({ open: 1, online: 0 });
  expect(after.orders[0]).toBe(before.orders[0]);
  expect(after.changes[0]?.change).toBe(before.changes[0]?.change);
});

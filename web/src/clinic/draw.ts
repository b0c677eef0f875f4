/** The hospital drawn: orders, results, who is there, and who may do what. */
import type { Order } from "@wirepact/services/clinic";

import { byId, element, list, setText } from "../dom.ts";
import { momentText } from "../text.ts";
import { type Change, type Hospital, isOver, type Job, type Person } from "./hospital.ts";

const orders = byId("orders-rows", HTMLTableSectionElement);
const ordersCount = byId("orders-count", HTMLElement);
const jobs = byId("jobs", HTMLOListElement);
const people = byId("people", HTMLUListElement);
const peopleCount = byId("people-count", HTMLElement);
const changes = byId("changes", HTMLOListElement);
const ownChanges = byId("own-changes", HTMLOListElement);

export function drawHospital(hospital: Hospital): void {
  const open = hospital.orders.filter((each) => !isOver(each)).length;
  setText(ordersCount, `${open} open`);
  fill(orders, hospital.orders, ({ order_id, revision }) => `${order_id} ${revision}`, order);
  fill(jobs, hospital.jobs, ({ job_id, status }) => `${job_id} ${status}`, job);
  setText(peopleCount, `${hospital.people.filter(isHere).length} online`);
  fill(
    people,
    hospital.people,
    (each) => [each.user_id, each.user_name, each.lastSeen].join(" "),
    person,
  );
  fill(
    changes,
    hospital.changes,
    ({ number }) => String(number),
    (each) => change(each, hospital.nameOf(each.user_id)),
  );
  fill(
    ownChanges,
    hospital.ownChanges,
    ({ number }) => String(number),
    (each) => change(each, "You"),
  );
}

/** A list, and beside it the words for when there is nothing in it. */
function fill<Item>(
  place: HTMLElement,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  make: (item: Item) => HTMLElement,
): void {
  list(place, items, keyOf, make);
  byId(`${place.id}-empty`, HTMLElement).hidden = items.length > 0;
}

function order(each: Order): HTMLElement {
  const { order_id, patient_id, department, order_type, status, updated_at } = each;
  const made = element(
    "tr",
    "",
    element("th", "name", order_id, element("p", "quiet", patient_id)),
    element("td", "", order_type, element("p", "quiet", department)),
    element("td", "", state(status)),
    element("td", "numeric quiet", timeText(updated_at)),
  );
  made.classList.toggle("finished", isOver(each));
  return made;
}

function job(each: Job): HTMLElement {
  const said = "error" in each ? each.error : resultText(each.result);
  const what = element(
    "div",
    "what",
    element("strong", "title", each.job_id),
    element("p", "quiet", said),
  );
  return element("li", "event", what, state(each.status));
}

/** Whatever the model returned, as text. */
function resultText(result: object): string {
  return Object.entries(result)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

function person(each: Person): HTMLElement {
  const text = each.lastSeen === undefined ? "online" : `last seen ${timeText(each.lastSeen)}`;
  const label = element("span", "state", text);
  label.dataset["state"] = isHere(each) ? "here" : "away";
  return element("li", "event", element("span", "what", each.user_name || each.user_id), label);
}

function change(each: Change, who: string): HTMLElement {
  const time = element("time", "quiet numeric", timeText(each.timestamp));
  time.dateTime = each.timestamp;
  return element("li", "event", element("span", "what", `${who}: ${changeText(each)}`), time);
}

function changeText(each: Change): string {
  switch (each.type) {
    case "PERMISSION_GRANTED":
      return `granted ${each.permission}`;
    case "PERMISSION_REVOKED":
      return `revoked ${each.permission}`;
    case "ROLE_CHANGED":
      return each.previous_role === null ? each.role : `${each.previous_role} → ${each.role}`;
  }
}

function state(name: string): HTMLElement {
  const label = element("span", "state", name.replaceAll("_", " "));
  label.dataset["state"] = name;
  return label;
}

function isHere({ lastSeen }: Person): boolean {
  return lastSeen === undefined;
}

function timeText(time: string): string {
  return momentText(Date.parse(time) / 1000);
}

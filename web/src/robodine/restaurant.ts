/** What the page knows of the restaurant, topic by topic, and how it is shown: in which order, and how many. */
import type { Event, Order, Robot, SystemStatus, Table } from "@wirepact/services/robodine";

import { Topic } from "./topic.ts";

export const MAX_EVENTS = 40;

/** The columns of the kitchen display, and the states that stand in each. */
export const COLUMNS = [
  { name: "New", states: ["new"] },
  { name: "Cooking", states: ["cooking"] },
  { name: "Ready", states: ["done"] },
  { name: "Served", states: ["served"] },
] as const;

export class Restaurant {
  readonly robots = new Topic<Robot>();
  readonly tables = new Topic<Table>();
  readonly orders = new Topic<Order>();
  readonly events = new Topic<Event>();
  readonly status = new Topic<SystemStatus>();

  get sortedRobots(): readonly Robot[] {
    return sortedById(this.robots.all);
  }

  get sortedTables(): readonly Table[] {
    return sortedById(this.tables.all);
  }

  ordersIn(states: readonly Order["state"][]): readonly Order[] {
    return this.orders.all.filter(({ state }) => states.includes(state)).sort(byTime);
  }

  /** Newest first. */
  get latestEvents(): readonly Event[] {
    return [...this.events.all].sort((a, b) => byTime(b, a)).slice(0, MAX_EVENTS);
  }
}

interface Timed {
  readonly timestamp?: number;
}

function byTime(a: Timed, b: Timed): number {
  return (a.timestamp ?? 0) - (b.timestamp ?? 0);
}

function sortedById<Kind extends { readonly id: string }>(
  records: readonly Kind[],
): readonly Kind[] {
  return [...records].sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
}

/** What the page knows of the restaurant, topic by topic, and how it is shown: in which order, and how many. */
import type { Event, Order, Robot, SystemStatus, Table } from "@wirepact/services/robodine";

import { Topic } from "./topic.ts";

export const MAX_EVENTS = 40;

/** The columns of the kitchen display, and the states that stand in each. */
const COLUMNS = [
  { name: "New", states: ["new"] },
  { name: "Cooking", states: ["cooking"] },
  { name: "Ready", states: ["done"] },
  { name: "Served", states: ["served"] },
] as const;

/** A column of the kitchen display, and what stands in it. */
export interface Column {
  readonly name: string;
  /** Oldest first. */
  readonly orders: readonly Order[];
}

/** What is shown of a restaurant: it does not change any more. */
export interface Shown {
  readonly robots: readonly Robot[];
  readonly tables: readonly Table[];
  readonly columns: readonly Column[];
  /** Newest first. */
  readonly events: readonly Event[];
  /** What ails the system, otherwise how it is. */
  readonly health: SystemStatus | undefined;
}

/** The topics that are listened to. */
export type TopicName = "robots" | "tables" | "orders" | "events" | "status";

export class Restaurant {
  readonly robots = new Topic<Robot>();
  readonly tables = new Topic<Table>();
  readonly orders = new Topic<Order>();
  readonly events = new Topic<Event>();
  readonly status = new Topic<SystemStatus>();

  show(): Shown {
    return {
      robots: sortedById(this.robots.all),
      tables: sortedById(this.tables.all),
      columns: COLUMNS.map(({ name, states }) => ({ name, orders: this.#ordersIn(states) })),
      events: [...this.events.all].sort((a, b) => byTime(b, a)).slice(0, MAX_EVENTS),
      health: this.status.all.find(({ state }) => state !== "ok") ?? this.status.all[0],
    };
  }

  #ordersIn(states: readonly Order["state"][]): readonly Order[] {
    return this.orders.all.filter(({ state }) => states.includes(state)).sort(byTime);
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

/** The restaurant: five topics, each over a connection of its own. */
import {
  RobodineClient,
  type TopicConnection,
  type TopicIncoming,
} from "@wirepact/services/robodine";

import { framed } from "../frame.ts";
import type { Site } from "../site.ts";
import { together } from "../together.ts";
import { drawEvents } from "./events.ts";
import { drawKitchen } from "./kitchen.ts";
import { Restaurant } from "./restaurant.ts";
import { drawRobots } from "./robots.ts";
import { drawTables } from "./tables.ts";

type Shown = "robots" | "tables" | "orders" | "events" | "status";

export function openRobodine(site: Site, signal: AbortSignal): void {
  const restaurant = new Restaurant();
  const draw = framed(() => {
    drawRobots(restaurant);
    drawTables(restaurant);
    drawKitchen(restaurant);
    drawEvents(restaurant);
  });
  const { token } = site;
  const robodine = new RobodineClient({
    url: location.origin,
    ...(token && { getToken: () => token }),
  });

  function hear<Name extends Shown>(
    name: Name,
    take: (message: TopicIncoming[Name]) => void,
  ): TopicConnection {
    const connection = robodine.topic({ topic: name }, { signal });
    connection.on("$open", () => restaurant[name].opened());
    connection.on(name, (message) => {
      take(message);
      draw();
    });
    return connection;
  }

  const { robots, tables, orders, events, status } = restaurant;
  const connections = [
    hear("robots", ({ data }) => robots.take(data)),
    hear("tables", ({ data }) => tables.take(data)),
    hear("orders", ({ data }) => orders.take(data)),
    hear("events", ({ data }) => events.take(data)),
    hear("status", ({ data }) => status.take(data)),
  ];
  together(connections, site.connected);
  draw();
}

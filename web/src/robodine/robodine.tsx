/** The restaurant: its robots, the kitchen, the tables, and what happens. */
import type { ReactNode } from "react";

import { Events } from "./events.tsx";
import { Kitchen } from "./kitchen.tsx";
import { useRestaurant } from "./live.ts";
import { Robots } from "./robots.tsx";
import { Tables } from "./tables.tsx";

export function Robodine(): ReactNode {
  const { robots, health, columns, tables, events } = useRestaurant();
  return (
    <div className="view robodine" id="robodine">
      <Robots robots={robots} health={health} />
      <Kitchen columns={columns} />
      <Tables tables={tables} />
      <Events events={events} />
    </div>
  );
}

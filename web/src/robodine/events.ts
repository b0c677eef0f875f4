import type { Event } from "@wirepact/services/robodine";

import { byId, element, list } from "../dom.ts";
import { momentText } from "../text.ts";
import type { Restaurant } from "./restaurant.ts";

const rows = byId("events", HTMLOListElement);
const empty = byId("events-empty", HTMLElement);

export function drawEvents({ latestEvents }: Restaurant): void {
  list(rows, latestEvents, ({ id, timestamp }) => `${id} ${timestamp}`, row);
  empty.hidden = latestEvents.length > 0;
}

function row({ kind, message, timestamp }: Event): HTMLElement {
  const what = element("div", "what", element("p", "", message ?? kind));
  const time = element(
    "time",
    "quiet numeric",
    timestamp === undefined ? "" : momentText(timestamp),
  );
  return element("li", "event", what, time);
}

import type { QualityAlert } from "@wirepact/services/spc";

import { byId, element, list, setText } from "../dom.ts";
import { clockText } from "../text.ts";

const rows = byId("alerts", HTMLOListElement);
const empty = byId("alerts-empty", HTMLElement);
const count = byId("alerts-count", HTMLElement);
const announcer = byId("announcer", HTMLElement);

const fresh = new Set<number>();

/** Remembers what just arrived: it is announced, and lit up when it is drawn. Nobody wants that later. */
export function noteFresh(alerts: readonly QualityAlert[]): void {
  if (document.hidden) return;
  for (const { id } of alerts) fresh.add(id);
}

export function drawAlerts(alerts: readonly QualityAlert[]): void {
  announce(alerts.filter(({ id }) => fresh.has(id)));
  list(rows, alerts, ({ id }) => String(id), row);
  fresh.clear();
  empty.hidden = alerts.length > 0;
  setText(count, alerts.length > 0 ? `latest ${alerts.length}` : "");
}

/** One sentence a frame, however many arrive in it. */
function announce(arrived: readonly QualityAlert[]): void {
  const [newest] = arrived;
  if (newest === undefined) return;
  const others = arrived.length > 1 ? `${arrived.length} new alerts, the last: ` : "New alert: ";
  const { title, product_code, priority } = newest;
  setText(announcer, `${others}${title}, ${product_code}, priority ${priority}`);
}

function row(alert: QualityAlert): HTMLElement {
  const made = element(
    "li",
    fresh.has(alert.id) ? "alert fresh" : "alert",
    priority(alert.priority),
    element(
      "div",
      "what",
      element("strong", "title", alert.title),
      element("p", "message", alert.message),
      element("p", "quiet", `${alert.product_code} · ${alert.product_name}`),
      element("p", "quiet", `${alert.alert_type} · ${alert.status}`),
    ),
    time(alert.created_at),
  );
  made.dataset["priority"] = String(alert.priority);
  return made;
}

function priority(value: number): HTMLElement {
  const badge = element("span", "badge", `P${value}`);
  badge.title = `Priority ${value}; 5 is the most urgent`;
  badge.dataset["priority"] = String(value);
  return badge;
}

function time(at: string): HTMLTimeElement {
  const made = element("time", "quiet numeric", clockText(at));
  made.dateTime = at;
  return made;
}

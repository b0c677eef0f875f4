import type { MeasuredValue } from "@wirepact/services/spc";

import { byId, element, list } from "../dom.ts";
import { clockText, valueText } from "../text.ts";

const SHOWN = 50;

const rows = byId("values", HTMLTableSectionElement);
const empty = byId("values-empty", HTMLElement);

/** The values of the chart as a table: newest first, and readable without seeing the chart. */
export function drawValues(values: readonly MeasuredValue[]): void {
  const latest = values.slice(-SHOWN).reverse();
  list(rows, latest, ({ id }) => String(id), row);
  empty.hidden = latest.length > 0;
}

/** Which limits a value is outside of. */
export function outside(value: MeasuredValue): string {
  const limits = [
    value.is_within_spec ? "" : "specification",
    value.is_within_control ? "" : "control",
  ];
  return limits.filter(Boolean).join(", ");
}

function row(value: MeasuredValue): HTMLElement {
  const limits = element("td", "", outside(value));
  limits.className = value.is_within_spec ? "out-of-control" : "out-of-spec";
  return element(
    "tr",
    "",
    element("td", "numeric", String(value.sample_number)),
    element("td", "numeric", valueText(value.measurement_value)),
    limits,
    element("td", "numeric quiet", clockText(value.measured_at)),
  );
}

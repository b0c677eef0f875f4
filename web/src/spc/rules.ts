import type { RuleViolation } from "@wirepact/services/spc";

import { byId, element, list } from "../dom.ts";
import { clockText } from "../text.ts";

const rows = byId("rules", HTMLOListElement);
const empty = byId("rules-empty", HTMLElement);

export function drawRules(violations: readonly RuleViolation[]): void {
  list(rows, violations, keyOf, row);
  empty.hidden = violations.length > 0;
}

function keyOf({ product_id, rule, sample_numbers, detected_at }: RuleViolation): string {
  return [product_id, rule, sample_numbers.join(), detected_at].join(" ");
}

function row(violation: RuleViolation): HTMLElement {
  const { rule, rule_name, product_code, sample_numbers, detected_at } = violation;
  const badge = element("span", "badge", String(rule));
  badge.title = `Nelson rule ${rule}`;
  const time = element("time", "quiet numeric", clockText(detected_at));
  time.dateTime = detected_at;
  const what = element(
    "div",
    "what",
    element("strong", "title", sentence(rule_name)),
    element("p", "quiet", `${product_code} · ${samplesText(sample_numbers)}`),
  );
  return element("li", "rule", badge, what, time);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `samples 45–50` where they are consecutive, otherwise all of them. */
export function samplesText(samples: readonly number[]): string {
  const first = samples[0] ?? 0;
  const last = samples.at(-1) ?? 0;
  if (samples.length === 1) return `sample ${first}`;
  const isRun = last - first === samples.length - 1;
  return `samples ${isRun ? `${first}–${last}` : samples.join(", ")}`;
}

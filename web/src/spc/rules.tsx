import type { RuleViolation } from "@wirepact/services/spc";
import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { Clock } from "../page/clock.tsx";
import { samplesText } from "./samples.ts";

const TITLE = "Run rules";

export const Rules = memo(function Rules({
  violations,
}: {
  readonly violations: readonly RuleViolation[];
}): ReactNode {
  return (
    <Card area="rules" title={TITLE}>
      <Scroll label={TITLE}>
        <ol id="rules" className="rows">
          {violations.map((violation) => (
            <Row key={keyOf(violation)} violation={violation} />
          ))}
        </ol>
        {violations.length === 0 && (
          <p className="empty">No rule fired since this page was opened</p>
        )}
      </Scroll>
    </Card>
  );
});

function keyOf({ product_id, rule, sample_numbers, detected_at }: RuleViolation): string {
  return [product_id, rule, sample_numbers.join(), detected_at].join(" ");
}

const Row = memo(function Row({ violation }: { readonly violation: RuleViolation }): ReactNode {
  const { rule, rule_name, product_code, sample_numbers, detected_at } = violation;
  return (
    <li className="rule">
      <span className="badge" title={`Nelson rule ${rule}`}>
        {rule}
      </span>
      <div className="what">
        <strong className="title">{sentence(rule_name)}</strong>
        <p className="quiet">
          {product_code} · {samplesText(sample_numbers)}
        </p>
      </div>
      <Clock at={detected_at} />
    </li>
  );
});

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

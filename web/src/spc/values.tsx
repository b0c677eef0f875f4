import type { MeasuredValue } from "@wirepact/services/spc";
import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { clockText, valueText } from "../text.ts";
import { outside } from "./outside.ts";

const TITLE = "Latest values outside limits";
const SHOWN = 50;

/** The values of the chart as a table: newest first, and readable without seeing the chart. */
export const Values = memo(function Values({
  values,
}: {
  readonly values: readonly MeasuredValue[];
}): ReactNode {
  const latest = values.slice(-SHOWN).reverse();
  return (
    <Card area="values" title={TITLE}>
      <Scroll label={TITLE}>
        <table>
          <thead>
            <tr>
              <th scope="col">Sample</th>
              <th scope="col" className="numeric">
                Value
              </th>
              <th scope="col">Outside</th>
              <th scope="col" className="numeric">
                Time
              </th>
            </tr>
          </thead>
          <tbody id="values">
            {latest.map((value) => (
              <Row key={value.id} value={value} />
            ))}
          </tbody>
        </table>
        {latest.length === 0 && <p className="empty">None yet</p>}
      </Scroll>
    </Card>
  );
});

const Row = memo(function Row({ value }: { readonly value: MeasuredValue }): ReactNode {
  return (
    <tr>
      <td className="numeric">{value.sample_number}</td>
      <td className="numeric">{valueText(value.measurement_value)}</td>
      <td className={value.is_within_spec ? "out-of-control" : "out-of-spec"}>{outside(value)}</td>
      <td className="numeric quiet">{clockText(value.measured_at)}</td>
    </tr>
  );
});

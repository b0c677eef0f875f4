import type { CapabilityAnalysis } from "@wirepact/services/spc";
import { memo, type ReactNode } from "react";

import { Card } from "../page/card.tsx";
import { clockText, indexText } from "../text.ts";

const INDICES = [
  ["cp", "Cp"],
  ["cpk", "Cpk"],
  ["pp", "Pp"],
  ["ppk", "Ppk"],
] as const;

/** The usual reading of a capability index: four sigma to the nearer limit is capable, three is just so. */
const CAPABLE = 1.33;
const MARGINAL = 1;

export const Capability = memo(function Capability({
  analysis,
}: {
  readonly analysis: CapabilityAnalysis | undefined;
}): ReactNode {
  return (
    <Card area="capability" title="Capability">
      <dl id="capability" className="tiles">
        {INDICES.map(([name, label]) => (
          <Tile key={name} label={label} index={analysis?.[name]} />
        ))}
      </dl>
      <p className="hint">
        {analysis ? summary(analysis) : "Shown when an analysis finishes while live values are on."}
      </p>
    </Card>
  );
});

function Tile({
  label,
  index,
}: {
  readonly label: string;
  readonly index: number | undefined;
}): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      {index === undefined ? <dd>–</dd> : <dd data-verdict={verdict(index)}>{indexText(index)}</dd>}
    </div>
  );
}

function verdict(index: number): "capable" | "marginal" | "not capable" {
  if (index >= CAPABLE) return "capable";
  return index >= MARGINAL ? "marginal" : "not capable";
}

function summary({ cpk, analyzed_at }: CapabilityAnalysis): string {
  return `By its Cpk the process is ${verdict(cpk)}. Analyzed at ${clockText(analyzed_at)}.`;
}

import type { CapabilityAnalysis } from "@wirepact/services/spc";

import { byId, setText } from "../dom.ts";
import { clockText, indexText } from "../text.ts";

type Index = "cp" | "cpk" | "pp" | "ppk";

/** The usual reading of a capability index: four sigma to the nearer limit is capable, three is just so. */
const CAPABLE = 1.33;
const MARGINAL = 1;

const tiles = byId("capability", HTMLDListElement);
const note = byId("capability-note", HTMLElement);

export function drawCapability(analysis: CapabilityAnalysis | undefined): void {
  for (const tile of tiles.querySelectorAll<HTMLElement>("[data-index]")) {
    const value = analysis?.[tile.dataset["index"] as Index];
    setText(tile, value === undefined ? "–" : indexText(value));
    tile.dataset["verdict"] = value === undefined ? "" : verdict(value);
  }
  setText(
    note,
    analysis ? summary(analysis) : "Shown when an analysis finishes while live values are on.",
  );
}

function verdict(index: number): "capable" | "marginal" | "not capable" {
  if (index >= CAPABLE) return "capable";
  return index >= MARGINAL ? "marginal" : "not capable";
}

function summary({ cpk, analyzed_at }: CapabilityAnalysis): string {
  return `By its Cpk the process is ${verdict(cpk)}. Analyzed at ${clockText(analyzed_at)}.`;
}

import type { MeasuredValue, Product } from "@wirepact/services/spc";
import { memo, type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";

import { Card } from "../page/card.tsx";
import { limitText, linesOf } from "./chart-data.ts";
import { Plot } from "./plot.ts";

interface Props {
  readonly product: Product | undefined;
  readonly values: readonly MeasuredValue[];
  /** Whether its live values are on. */
  readonly isOn: boolean;
  readonly toggle: (product: number) => void;
}

/** Which product is shown, whether its live values are on, and those values. */
export const Chart = memo(function Chart({ product, values, isOn, toggle }: Props): ReactNode {
  const subject = (
    <p id="chart-subject" className="quiet">
      {product ? subjectText(product) : "No product chosen"}
    </p>
  );
  const live = (
    <button
      className="switch"
      type="button"
      role="switch"
      aria-checked={isOn}
      disabled={product === undefined}
      onClick={() => product && toggle(product.id)}
    >
      <span className="track" aria-hidden="true" />
      Live values
    </button>
  );
  return (
    <Card area="chart" title="Control chart" subtitle={subject} aside={live}>
      <div className="plot">
        <Canvas product={product} values={values} />
        {values.length === 0 && <p className="empty over">{invitation(product, isOn)}</p>}
      </div>
      <Legend />
      <p className="hint">
        Only values outside specification or control limits are pushed, and shown as they arrive.
        Control limits are those of single values: a dot between them completed a subgroup whose
        mean or range is outside its own.
      </p>
    </Card>
  );
});

function subjectText({ code, name, subgroup_size, control_limits }: Product): string {
  const limits = control_limits ? "" : " · control limits not known yet";
  return `${code} · ${name} · subgroups of ${subgroup_size}${limits}`;
}

function invitation(product: Product | undefined, isOn: boolean): string {
  if (product === undefined) return "";
  return isOn
    ? "Nothing outside the limits since live values are on"
    : "Switch on live values to see those outside the limits";
}

/** The chart is made anew when the colours change. */
function Canvas({ product, values }: Pick<Props, "product" | "values">): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(undefined);
  const isDark = useIsDark();
  useEffect(() => {
    const made = new Plot(place.current!);
    plot.current = made;
    return () => made.destroy();
  }, [isDark]);
  useEffect(() => plot.current?.show(values, product), [isDark, values, product]);
  return <div id="plot" ref={place} role="img" aria-label={summary(product, values)} />;
}

function summary(product: Product | undefined, values: readonly MeasuredValue[]): string {
  if (product === undefined) return "No product chosen";
  const lines = linesOf(product);
  const limits = lines.map(({ label, value }) => `${label} ${limitText(value, lines)}`).join(", ");
  const outOfSpec = values.filter(({ is_within_spec }) => !is_within_spec).length;
  return (
    `Control chart of ${product.code}: ${limits}. Values outside specification: ${outOfSpec}, ` +
    `outside control limits only: ${values.length - outOfSpec}. The table below has them.`
  );
}

const LEGEND = [
  ["out-of-spec", "Outside specification"],
  ["out-of-control", "Outside control limits"],
  ["spec-line", "Specification limits"],
  ["control-line", "Control limits"],
  ["center-line", "Center"],
] as const;

function Legend(): ReactNode {
  return (
    <ul className="legend" aria-hidden="true">
      {LEGEND.map(([key, meaning]) => (
        <li key={key}>
          <span className={`key ${key}`} />
          {meaning}
        </li>
      ))}
    </ul>
  );
}

function useIsDark(): boolean {
  return useSyncExternalStore(watchScheme, () => scheme().matches);
}

function scheme(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

function watchScheme(changed: () => void): () => void {
  const watched = scheme();
  watched.addEventListener("change", changed);
  return () => watched.removeEventListener("change", changed);
}

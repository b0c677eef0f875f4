import type { Product } from "@wirepact/services/spc";

import type { Board } from "./board.ts";
import { byId, setText } from "../dom.ts";

const subject = byId("chart-subject", HTMLElement);
const subscribe = byId("subscribe", HTMLButtonElement);

export function wireSubject(
  board: Board,
  toggle: (product: number) => void,
  signal: AbortSignal,
): void {
  const toggleSelected = (): void => {
    if (board.selected !== undefined) toggle(board.selected);
  };
  subscribe.addEventListener("click", toggleSelected, { signal });
}

/** Which product is shown, and whether its live values are on. */
export function drawSubject({ product, subscribed }: Board): void {
  setText(subject, product ? subjectText(product) : "No product chosen");
  subscribe.disabled = product === undefined;
  const isOn = product !== undefined && subscribed.has(product.id);
  subscribe.setAttribute("aria-checked", String(isOn));
}

function subjectText({ code, name, subgroup_size, control_limits }: Product): string {
  const limits = control_limits ? "" : " · control limits not known yet";
  return `${code} · ${name} · subgroups of ${subgroup_size}${limits}`;
}

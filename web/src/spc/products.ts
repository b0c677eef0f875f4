import type { Product } from "@wirepact/services/spc";

import type { Board } from "./board.ts";
import { byId, element, list, setText } from "../dom.ts";
import { valueText } from "../text.ts";

const rows = byId("products", HTMLUListElement);
const empty = byId("products-empty", HTMLElement);
const more = byId("products-more", HTMLButtonElement);

/** What the user can do here. */
export interface ProductActions {
  select(product: number): void;
  loadProducts(): Promise<void>;
}

export function wireProducts(actions: ProductActions, signal: AbortSignal): void {
  rows.addEventListener(
    "click",
    ({ target }) => {
      const row = target instanceof Element && target.closest("li");
      if (row) actions.select(Number(row.dataset["key"]));
    },
    { signal },
  );
  more.addEventListener("click", () => void actions.loadProducts(), { signal });
}

export function drawProducts(board: Board): void {
  list(rows, board.products, ({ id }) => String(id), row);
  for (const each of rows.children) mark(each, board);
  more.hidden = board.moreAfter === undefined;
  empty.hidden = board.products.length > 0;
  setText(
    empty,
    board.areProductsLoaded
      ? "No product is under control yet. “make demo” feeds this server with some."
      : "Loading …",
  );
}

function row({ code, name, lsl, usl }: Product): HTMLElement {
  const button = element(
    "button",
    "product",
    element("span", "code", code),
    element("span", "name", name),
    element("span", "quiet numeric", `${valueText(lsl)} – ${valueText(usl)}`),
  );
  button.type = "button";
  const live = element("span", "live", "Live");
  live.hidden = true;
  button.append(live);
  return element("li", "", button);
}

function mark(row: Element, { selected, subscribed }: Board): void {
  const id = Number((row as HTMLElement).dataset["key"]);
  const button = row.querySelector("button");
  const live = row.querySelector<HTMLElement>(".live");
  button?.setAttribute("aria-pressed", String(id === selected));
  if (live) live.hidden = !subscribed.has(id);
}

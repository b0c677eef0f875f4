import type { Table } from "@wirepact/services/robodine";

import { byId, element, list } from "../dom.ts";
import type { Restaurant } from "./restaurant.ts";

const tiles = byId("tables", HTMLUListElement);
const empty = byId("tables-empty", HTMLElement);

export function drawTables({ sortedTables }: Restaurant): void {
  list(tiles, sortedTables, ({ id, state, seats }) => [id, state, seats].join(" "), tile);
  empty.hidden = sortedTables.length > 0;
}

function tile({ id, state, seats }: Table): HTMLElement {
  const made = element(
    "li",
    "table",
    element("strong", "", id),
    element("span", "state", state),
    element("span", "quiet", seats === undefined ? "" : `${seats} seats`),
  );
  made.dataset["state"] = state;
  return made;
}

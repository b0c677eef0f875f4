/** The kitchen display: orders by how far they are. */
import type { Order } from "@wirepact/services/robodine";

import { byId, element, list, setText } from "../dom.ts";
import { COLUMNS, type Restaurant } from "./restaurant.ts";

const columns = byId("kitchen", HTMLElement);

export function drawKitchen(restaurant: Restaurant): void {
  list(columns, COLUMNS, ({ name }) => name, column);
  COLUMNS.forEach(({ states }, index) => {
    const place = columns.children[index];
    const orders = restaurant.ordersIn(states);
    const [heading, cards] = place?.children ?? [];
    if (!heading?.lastElementChild || !cards) return;
    setText(heading.lastElementChild, String(orders.length));
    list(cards, orders, keyOf, card);
  });
}

function column({ name }: { readonly name: string }): HTMLElement {
  const heading = element("h3", "", `${name} `, element("span", "quiet numeric", "0"));
  return element("div", "column", heading, element("ul"));
}

function keyOf({ id, state, timestamp }: Order): string {
  return [id, state, timestamp].join(" ");
}

function card({ id, table_id, lines }: Order): HTMLElement {
  const dishes = lines.map(({ item, quantity }) => element("li", "", `${quantity} × ${item}`));
  return element(
    "li",
    "order",
    element("strong", "", table_id ?? id),
    element("ul", "dishes", ...dishes),
  );
}

/** The kitchen display: orders by how far they are. */
import type { Order } from "@wirepact/services/robodine";
import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import type { Column } from "./restaurant.ts";

const TITLE = "Orders";

export function Kitchen({ columns }: { readonly columns: readonly Column[] }): ReactNode {
  return (
    <Card area="orders" title={TITLE}>
      <Scroll label={TITLE}>
        <div id="kitchen" className="kitchen">
          {columns.map(({ name, orders }) => (
            <div key={name} className="column">
              <h3>
                {name} <span className="quiet numeric">{orders.length}</span>
              </h3>
              <ul>
                {orders.map((order) => (
                  <Ticket key={order.id} order={order} />
                ))}
              </ul>
            </div>
          ))}
        </div>
      </Scroll>
    </Card>
  );
}

const Ticket = memo(function Ticket({ order }: { readonly order: Order }): ReactNode {
  const { id, table_id, lines } = order;
  return (
    <li className="order">
      <strong>{table_id ?? id}</strong>
      <ul className="dishes">
        {lines.map(({ item, quantity }, index) => (
          <li key={index}>
            {quantity} × {item}
          </li>
        ))}
      </ul>
    </li>
  );
});

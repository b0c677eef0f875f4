import type { Order } from "@wirepact/services/clinic";
import { Fragment, memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";
import { Label } from "../page/label.tsx";
import { Moment } from "../page/moment.tsx";
import { isOver } from "./hospital.ts";
import { words } from "./words.ts";

const TITLE = "Orders";

interface Props {
  /** Those that are open, and then those that are over. */
  readonly orders: readonly Order[];
  /** How many are open. */
  readonly open: number;
}

export function Orders({ orders, open }: Props): ReactNode {
  const count = <span id="orders-count" className="quiet numeric">{`${open} open`}</span>;
  return (
    <Card area="ocs" title={TITLE} aside={count}>
      <Scroll label={TITLE}>
        <table>
          <thead>
            <tr>
              <th scope="col">Order</th>
              <th scope="col">What</th>
              <th scope="col">Status</th>
              <th scope="col" className="numeric">
                Time
              </th>
            </tr>
          </thead>
          <tbody id="orders-rows">
            {orders.map((order) => (
              <Row key={order.order_id} order={order} />
            ))}
          </tbody>
        </table>
        {orders.length === 0 && (
          <p id="orders-rows-empty" className="empty">
            No order is open. “make demo” brings a day of them, and prints a link that signs you in.
          </p>
        )}
      </Scroll>
    </Card>
  );
}

const Row = memo(function Row({ order }: { readonly order: Order }): ReactNode {
  const { order_id, patient_id, department, order_type, status, updated_at } = order;
  return (
    <tr className={isOver(order) ? "finished" : undefined}>
      <th className="name" scope="row">
        {order_id}
        <p className="quiet">{patient_id}</p>
      </th>
      <td>
        <Code text={order_type} />
        <p className="quiet">{department}</p>
      </td>
      <td>
        <Label state={status}>{words(status)}</Label>
      </td>
      <td className="numeric quiet">
        <Moment at={updated_at} />
      </td>
    </tr>
  );
});

/** A name of `PARTS_LIKE_THESE`, which breaks between them. */
function Code({ text }: { readonly text: string }): ReactNode {
  return text.split(/(?<=_)/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

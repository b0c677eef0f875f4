import type { Table } from "@wirepact/services/robodine";
import { memo, type ReactNode } from "react";

import { Card } from "../page/card.tsx";

export function Tables({ tables }: { readonly tables: readonly Table[] }): ReactNode {
  return (
    <Card area="tables" title="Tables">
      <ul id="tables" className="grid">
        {tables.map((table) => (
          <Tile key={table.id} table={table} />
        ))}
      </ul>
      {tables.length === 0 && (
        <p id="tables-empty" className="empty">
          No tables yet
        </p>
      )}
    </Card>
  );
}

const Tile = memo(function Tile({ table }: { readonly table: Table }): ReactNode {
  const { id, state, seats } = table;
  return (
    <li className="table" data-state={state}>
      <strong>{id}</strong>
      <span className="state">{state}</span>
      <span className="quiet">{seats !== undefined && `${seats} seats`}</span>
    </li>
  );
});

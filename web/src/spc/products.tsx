import type { Product } from "@wirepact/services/spc";
import { memo, type ReactNode } from "react";

import { Card } from "../page/card.tsx";
import { valueText } from "../text.ts";

interface Props {
  readonly products: readonly Product[];
  readonly areLoaded: boolean;
  readonly hasMore: boolean;
  readonly selected: number | undefined;
  readonly subscribed: ReadonlySet<number>;
  readonly select: (product: number) => void;
  readonly loadMore: () => void;
}

export function Products({ products, areLoaded, hasMore, loadMore, ...shared }: Props): ReactNode {
  const { selected, subscribed, select } = shared;
  return (
    <Card area="products" title="Products">
      <ul id="products" className="rows">
        {products.map((product) => (
          <Row
            key={product.id}
            product={product}
            isSelected={product.id === selected}
            isLive={subscribed.has(product.id)}
            select={select}
          />
        ))}
      </ul>
      {products.length === 0 && (
        <p id="products-empty" className="empty">
          {areLoaded
            ? "No product is under control yet. “make demo” feeds this server with some."
            : "Loading …"}
        </p>
      )}
      {hasMore && (
        <button className="plain" type="button" onClick={loadMore}>
          Show more
        </button>
      )}
    </Card>
  );
}

interface RowProps {
  readonly product: Product;
  readonly isSelected: boolean;
  readonly isLive: boolean;
  readonly select: (product: number) => void;
}

const Row = memo(function Row({ product, isSelected, isLive, select }: RowProps): ReactNode {
  const { id, code, name, lsl, usl } = product;
  return (
    <li>
      <button
        className="product"
        type="button"
        aria-pressed={isSelected}
        onClick={() => select(id)}
      >
        <span className="code">{code}</span>
        <span className="name">{name}</span>
        <span className="quiet numeric">
          {valueText(lsl)} – {valueText(usl)}
        </span>
        {isLive && <span className="live">Live</span>}
      </button>
    </li>
  );
});

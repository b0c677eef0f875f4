/** SPC: products, a control chart, capability, run rules and alerts. */
import type { ReactNode } from "react";

import { Alerts } from "./alerts.tsx";
import { Capability } from "./capability.tsx";
import { Chart } from "./chart.tsx";
import { useLive } from "./live.ts";
import { Products } from "./products.tsx";
import { Rules } from "./rules.tsx";
import { Values } from "./values.tsx";

export function Spc(): ReactNode {
  const [shown, control] = useLive();
  const { product, track, subscribed } = shown;
  return (
    <div className="view spc" id="spc">
      <Products
        products={shown.products}
        areLoaded={shown.areProductsLoaded}
        hasMore={shown.hasMoreProducts}
        selected={product?.id}
        subscribed={subscribed}
        select={control.select}
        loadMore={control.loadProducts}
      />
      <Chart
        product={product}
        values={track.values}
        isOn={product !== undefined && subscribed.has(product.id)}
        toggle={control.toggle}
      />
      <Capability analysis={track.capability} />
      <Values values={track.values} />
      <Rules violations={shown.violations} />
      <Alerts alerts={shown.alerts} arrived={shown.arrived} />
    </div>
  );
}

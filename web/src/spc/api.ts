/** The HTTP side: products, page by page. */
import type { Product, ProductPage } from "@wirepact/services/spc";

import { fetched } from "../api.ts";

const PAGE = 50;

/** Products with an id above `after`. Rejects with a sentence that can be shown. */
export async function productsAfter(
  after: number,
  token: string,
  limit = PAGE,
): Promise<ProductPage> {
  return fetched(`/api/spc/products/?after=${after}&limit=${limit}`, token);
}

/** One product as it is now, its control limits among it. */
export async function productWith(id: number, token: string): Promise<Product | undefined> {
  const { products } = await productsAfter(id - 1, token, 1);
  return products.find((each) => each.id === id);
}

/** The HTTP side: products, page by page. */
import type { Problem, Product, ProductPage } from "@wirepact/services/spc";

const PAGE = 50;

/** Products with an id above `after`. Rejects with a sentence that can be shown. */
export async function productsAfter(
  after: number,
  token: string,
  limit = PAGE,
): Promise<ProductPage> {
  const response = await fetch(`/api/spc/products/?after=${after}&limit=${limit}`, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
  });
  if (response.ok) return response.json();
  const problem: Partial<Problem> = await response.json().catch(() => ({}));
  throw new Error(problem.message ?? `The server answered with ${response.status}`);
}

/** One product as it is now, its control limits among it. */
export async function productWith(id: number, token: string): Promise<Product | undefined> {
  const { products } = await productsAfter(id - 1, token, 1);
  return products.find((each) => each.id === id);
}

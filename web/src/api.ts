/** The HTTP side of all services. */

/** What stands at `path`. Rejects with a sentence that can be shown. */
export async function fetched<Reply>(path: string, token: string): Promise<Reply> {
  const response = await fetch(path, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
  });
  if (response.ok) return response.json();
  const problem: { readonly message?: string } = await response.json().catch(() => ({}));
  throw new Error(problem.message ?? `The server answered with ${response.status}`);
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

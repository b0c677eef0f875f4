/** The HTTP side of all services. */

/** What stands at `path`. Rejects with a sentence that can be shown. */
export async function fetched<Reply>(path: string, token: string): Promise<Reply> {
  return (await answer(path, token)).json();
}

/** What became of `file`, which is sent to `path` as a form of browsers would. */
export async function uploaded<Reply>(path: string, file: File, token: string): Promise<Reply> {
  const body = new FormData();
  body.append("file", file);
  return (await answer(path, token, { method: "POST", body })).json();
}

/** The file at `path`. */
export async function fileAt(path: string, token: string, signal?: AbortSignal): Promise<Blob> {
  return (await answer(path, token, signal ? { signal } : {})).blob();
}

/** Saves the file at `path` as `name`, as a browser does. */
export async function saved(path: string, name: string, token: string): Promise<void> {
  const url = URL.createObjectURL(await fileAt(path, token));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Some addresses are told by others: a token goes to this server only. */
async function answer(path: string, token: string, request: RequestInit = {}): Promise<Response> {
  const url = new URL(path, location.origin);
  if (url.origin !== location.origin) throw new Error(`${url.host} is another server`);
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(url, { ...request, headers });
  if (response.ok) return response;
  const problem: { readonly message?: string } = await response.json().catch(() => ({}));
  throw new Error(problem.message ?? `The server answered with ${response.status}`);
}

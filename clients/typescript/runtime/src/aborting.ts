/** Acts when `signal` is aborted, or at once if it is already; the function that it returns forgets it. */
export function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  signal?.addEventListener("abort", act);
  if (signal?.aborted) act();
  return () => signal?.removeEventListener("abort", act);
}

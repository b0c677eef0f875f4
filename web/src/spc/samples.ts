/** `samples 45–50` where they are consecutive, otherwise all of them. */
export function samplesText(samples: readonly number[]): string {
  const first = samples[0] ?? 0;
  const last = samples.at(-1) ?? 0;
  if (samples.length === 1) return `sample ${first}`;
  const isRun = last - first === samples.length - 1;
  return `samples ${isRun ? `${first}–${last}` : samples.join(", ")}`;
}

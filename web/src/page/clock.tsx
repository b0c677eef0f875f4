import type { ReactNode } from "react";

import { clockText } from "../text.ts";

/** A wall-clock time that has no zone, as it is. */
export function Clock({ at }: { readonly at: string }): ReactNode {
  return (
    <time className="quiet numeric" dateTime={at}>
      {clockText(at)}
    </time>
  );
}

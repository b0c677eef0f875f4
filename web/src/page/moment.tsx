import type { ReactNode } from "react";

import { momentText } from "../text.ts";

/** A moment that says its zone, by the clock of whoever looks. */
export function Moment({ at }: { readonly at: string }): ReactNode {
  return (
    <time className="quiet numeric" dateTime={at}>
      {momentText(Date.parse(at) / 1000)}
    </time>
  );
}

import type { ReactNode } from "react";

interface Props {
  /** What state something is in, by the name that decides its colour. */
  readonly state: string;
  /** The same in words. */
  readonly children: ReactNode;
}

export function Label({ state, children }: Props): ReactNode {
  return (
    <span className="state" data-state={state}>
      {children}
    </span>
  );
}

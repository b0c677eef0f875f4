/** The page: one view at a time, the one that the address names, and what the view says of itself. */
import { type ReactNode, useEffect, useMemo, useRef } from "react";

import { useAddress } from "./address.ts";
import { Bar } from "./bar.tsx";
import { Failing } from "./failing.tsx";
import { useTold, VisitContext } from "./site.ts";
import { viewAt } from "./views.ts";
import { Visit } from "./visit.ts";

export function Page(): ReactNode {
  const address = useAddress();
  const visit = useMemo(() => new Visit(address), [address]);
  const { name, title, Shown } = viewAt(address.place);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · Wirepact live`;
  }, [title]);
  return (
    <VisitContext value={visit}>
      <SkipLink skip={() => main.current?.focus()} />
      <Bar shown={name} />
      <Notice />
      <main id="main" ref={main} tabIndex={-1}>
        <Failing key={address.number}>
          <Shown />
        </Failing>
      </main>
      <Announcer />
    </VisitContext>
  );
}

/** The address stays as it is: what stands behind its # names the view. */
function SkipLink({ skip }: { readonly skip: () => void }): ReactNode {
  return (
    <a
      className="skip"
      href="#main"
      onClick={(event) => {
        event.preventDefault();
        skip();
      }}
    >
      Skip to the content
    </a>
  );
}

function Notice(): ReactNode {
  const { notice } = useTold();
  return (
    <p id="notice" className="notice" role="alert" hidden={notice === ""}>
      {notice}
    </p>
  );
}

function Announcer(): ReactNode {
  const { announcement } = useTold();
  return (
    <p id="announcer" className="unseen" aria-live="polite">
      {announcement}
    </p>
  );
}

import { memo, type ReactNode } from "react";

import { Pill } from "./pill.tsx";
import { VIEWS } from "./views.ts";

/** What stands above each view: where one can go, and how it is connected. */
export const Bar = memo(function Bar({ shown }: { readonly shown: string }): ReactNode {
  return (
    <header className="bar">
      <h1>
        <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M5 21h5l3-10 5 14 3-8h6" />
        </svg>
        <span>
          Wirepact <span className="quiet">live</span>
        </span>
      </h1>
      <nav className="services" aria-label="Services">
        {VIEWS.map(({ name, title }) => (
          <a key={name} href={`#view=${name}`} aria-current={name === shown ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <Pill />
    </header>
  );
});

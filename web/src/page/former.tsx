/** A view that is not of React yet: its markup stands in `index.html`, and it draws itself. */
import { type ComponentType, useEffect, useRef } from "react";

import { byId } from "../dom.ts";
import type { View } from "../site.ts";
import { useSite } from "./site.ts";

export function former(id: string, open: View): ComponentType {
  return function Former() {
    const site = useSite();
    const place = useRef<HTMLDivElement>(null);
    useEffect(() => {
      const view = byId(id, HTMLElement);
      const leaving = new AbortController();
      place.current?.append(view);
      view.hidden = false;
      open(site, leaving.signal);
      return () => {
        leaving.abort();
        view.hidden = true;
        byId("former", HTMLElement).append(view);
      };
    }, [site]);
    return <div ref={place} />;
  };
}

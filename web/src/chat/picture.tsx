/** An image that was shared: members only get it, so that it takes more than its address. */
import type { SharedFile } from "@wirepact/services/chat";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";

import { fileAt, sentence } from "../api.ts";
import { useSite } from "../page/site.ts";

/** How far from being seen it is fetched. */
const AHEAD = "300px";

/** As large as it will be before it is there, so that nothing moves when it comes. */
export function Picture({ file }: { readonly file: SharedFile }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const { url, failure } = useFile(file.url, useNear(place));
  return (
    <div ref={place} className="picture">
      {url && <img src={url} alt={file.name} />}
      {failure && <p className="quiet">The image could not be loaded. {failure}</p>}
    </div>
  );
}

interface Found {
  readonly url?: string;
  readonly failure?: string;
}

/** An address for what is in the file at `path`, good for this page and while it is used, once it `isWanted`. */
function useFile(path: string, isWanted: boolean): Found {
  const { token } = useSite();
  const [found, setFound] = useState<Found>({});
  useEffect(() => {
    if (!isWanted) return undefined;
    const leaving = new AbortController();
    const { signal } = leaving;
    fileAt(path, token, signal).then(
      (content) => {
        if (signal.aborted) return;
        const url = URL.createObjectURL(content);
        signal.addEventListener("abort", () => URL.revokeObjectURL(url));
        setFound({ url });
      },
      (error: unknown) => signal.aborted || setFound({ failure: sentence(error) }),
    );
    return () => leaving.abort();
  }, [path, token, isWanted]);
  return found;
}

/** Whether `place` was ever about to be seen. */
function useNear(place: RefObject<Element | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (isNear || place.current === null) return undefined;
    const watching = new IntersectionObserver(
      (seen) => seen.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: AHEAD },
    );
    watching.observe(place.current);
    return () => watching.disconnect();
  }, [place, isNear]);
  return isNear;
}

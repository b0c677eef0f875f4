/**
 * What becomes of the page or the program, as far as a connection cares.
 *
 * `online` and `shown` say that it is worth trying now, `offline` that the network may be gone, and `suspended` that nothing runs any
 * more until `shown`: a page in the cache of a browser, which must have no connection to be kept there.
 */
export type LifeSign = "online" | "offline" | "shown" | "suspended";

/** Begins to tell signs of life, and returns the function that ends it. */
export type Lifecycle = (tell: (sign: LifeSign) => void) => () => void;

/** A page's, where there is one; of a worker only what it knows of the network; nothing in Node and React Native. */
export const pageLifecycle: Lifecycle = (tell) => {
  const ending = new AbortController();
  const { document: page } = globalThis as Partial<typeof globalThis>;
  const watch = (target: Partial<EventTarget> | undefined, name: string, sign: LifeSign): void =>
    target?.addEventListener?.(
      name,
      (event) => {
        const isSeen = name !== "visibilitychange" || !page?.hidden;
        // What goes to the cache, or comes from there, is said to be persisted; other pages are gone, or new.
        if (isSeen && (event as PageTransitionEvent).persisted !== false) tell(sign);
      },
      { signal: ending.signal },
    );
  watch(globalThis, "online", "online");
  watch(globalThis, "offline", "offline");
  watch(globalThis, "pagehide", "suspended");
  watch(globalThis, "pageshow", "shown");
  watch(page, "resume", "shown");
  watch(page, "visibilitychange", "shown");
  return () => ending.abort();
};

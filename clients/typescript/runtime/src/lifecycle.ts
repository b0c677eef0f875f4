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
  const watch = (
    target: Pick<EventTarget, "addEventListener"> | undefined,
    name: string,
    sign: LifeSign,
    isMeant: (event: Event) => boolean = () => true,
  ): void =>
    target?.addEventListener(name, (event) => isMeant(event) && tell(sign), {
      signal: ending.signal,
    });
  const page = typeof addEventListener === "function" ? globalThis : undefined;
  const content = typeof document === "object" ? document : undefined;
  const isKept = (event: Event): boolean => (event as PageTransitionEvent).persisted;
  watch(page, "online", "online");
  watch(page, "offline", "offline");
  watch(page, "pagehide", "suspended", isKept);
  watch(page, "pageshow", "shown", isKept);
  watch(content, "resume", "shown");
  watch(content, "visibilitychange", "shown", () => content?.visibilityState === "visible");
  return () => ending.abort();
};

import { type RefCallback, useCallback } from "react";

/** How near to the end somebody must be to be kept at the end. */
const NEAR = 60;

/** For what scrolls, with one child that grows: who looks at the end of it goes on to, and who reads above is left there. */
export function useEnd(): RefCallback<HTMLElement> {
  return useCallback((place: HTMLElement) => {
    let isAtEnd = true;
    let seenTo = 0;
    // What came since the last frame may be long: only who goes up leaves the end.
    const look = (): void => {
      const isNear = place.scrollHeight - place.scrollTop - place.clientHeight < NEAR;
      isAtEnd = isNear || (isAtEnd && place.scrollTop >= seenTo);
      seenTo = place.scrollTop;
    };
    const sizes = new ResizeObserver(() => {
      if (isAtEnd) place.scrollTop = place.scrollHeight;
    });
    sizes.observe(place);
    if (place.firstElementChild) sizes.observe(place.firstElementChild);
    place.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      place.removeEventListener("scroll", look);
    };
  }, []);
}

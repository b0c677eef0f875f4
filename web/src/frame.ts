/** Draws at most once a frame, however often it is asked to; a hidden page draws nothing. */
export function framed(draw: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      draw();
    });
  };
}

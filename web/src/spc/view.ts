/** SPC: products, a control chart, capability, run rules and alerts. What the board knows outlives the view. */
import { framed } from "../frame.ts";
import type { Site } from "../site.ts";
import { drawAlerts, noteFresh } from "./alerts.ts";
import { Board } from "./board.ts";
import { drawCapability } from "./capability.ts";
import { drawChart, remakeChart } from "./chart.ts";
import { Live } from "./live.ts";
import { drawProducts, wireProducts } from "./products.ts";
import { drawRules } from "./rules.ts";
import { drawSubject, wireSubject } from "./subject.ts";
import { drawValues } from "./values.ts";

const board = new Board();

const draw = framed(() => {
  const track = board.track(board.selected);
  drawProducts(board);
  drawSubject(board);
  drawChart(board);
  drawValues(track.values);
  drawCapability(track.capability);
  drawRules(board.violations);
  drawAlerts(board.alerts);
});

export function openSpc(site: Site, signal: AbortSignal): void {
  const told = {
    connected: site.connected,
    notice: site.notice,
    changed: draw,
    alerted: noteFresh,
  };
  const live = new Live(board, site.token, told, signal);
  wireProducts(live, signal);
  wireSubject(board, (product) => live.toggle(product), signal);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw, { signal });
  draw();
}

function redraw(): void {
  remakeChart();
  draw();
}

/** The page put together: one board, one connection, and the views that show them. */
import "./style.css";

import { Board } from "./board.ts";
import { byId, setText } from "./dom.ts";
import { framed } from "./frame.ts";
import { Live } from "./live.ts";
import { takenToken } from "./token.ts";
import { drawAlerts, noteFresh } from "./views/alerts.ts";
import { drawCapability } from "./views/capability.ts";
import { drawChart, remakeChart } from "./views/chart.ts";
import { drawConnection } from "./views/connection.ts";
import { drawProducts, wireProducts } from "./views/products.ts";
import { drawRules } from "./views/rules.ts";
import { drawSubject, wireSubject } from "./views/subject.ts";
import { drawValues } from "./views/values.ts";

const board = new Board();
const notice = byId("notice", HTMLElement);

const draw = framed(() => {
  const track = board.track(board.selected);
  setText(notice, board.notice);
  notice.hidden = board.notice === "";
  drawProducts(board);
  drawSubject(board);
  drawChart(board);
  drawValues(track.values);
  drawCapability(track.capability);
  drawRules(board.violations);
  drawAlerts(board.alerts);
});

const live = new Live(board, takenToken(), {
  changed: () => {
    // Even a page in the background says how it is connected; the rest can wait until it is seen.
    drawConnection(board.connection);
    draw();
  },
  alerted: noteFresh,
});

wireProducts(live);
wireSubject(board, (product) => live.toggle(product));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  remakeChart();
  draw();
});
draw();

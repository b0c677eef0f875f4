import type { ConnectionState } from "@wirepact/client";

import { byId, setText } from "./dom.ts";

const pill = byId("connection", HTMLElement);
const text = byId("connection-text", HTMLElement);
const detail = byId("connection-detail", HTMLElement);

let shown: ConnectionState | undefined;
let since = 0;
let ticking: ReturnType<typeof setInterval> | undefined;

/** Shows the state, and counts down to the next attempt while there is one to come. */
export function drawConnection(state: ConnectionState): void {
  if (state === shown) return;
  shown = state;
  since = performance.now();
  pill.dataset["status"] = state.status;
  setText(text, sentence(state));
  clearInterval(ticking);
  if (state.status === "reconnecting") ticking = setInterval(drawDetail, 250);
  drawDetail();
}

function sentence(state: ConnectionState): string {
  switch (state.status) {
    case "idle":
    case "connecting":
      return state.status === "connecting" && state.attempt > 0 ? "Reconnecting" : "Connecting";
    case "open":
      return "Connected";
    case "reconnecting":
      return "Reconnecting";
    case "closed":
      return state.code === 4401 ? "Not signed in" : "Disconnected";
  }
}

/** What changes by the second stands apart from what is announced. */
function drawDetail(): void {
  if (shown !== undefined) setText(detail, detailOf(shown));
}

function detailOf(state: ConnectionState): string {
  switch (state.status) {
    case "reconnecting": {
      const leftMs = Math.max(0, state.delayMs - (performance.now() - since));
      return `attempt ${state.attempt}, in ${Math.ceil(leftMs / 1000)} s`;
    }
    case "connecting":
      return state.attempt > 0 ? `attempt ${state.attempt}` : "";
    case "closed":
      return `${state.code}${state.reason && `: ${state.reason}`}`;
    default:
      return "";
  }
}

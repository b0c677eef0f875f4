/** How the view is connected, and when it tries again. */
import type { ConnectionState } from "@wirepact/client";
import { type ReactNode, useEffect, useState } from "react";

import { useTold } from "./site.ts";

const TICK_MS = 250;

export function Pill(): ReactNode {
  const { connection, since } = useTold();
  return (
    <div className="connection" data-status={connection.status}>
      <span className="dot" aria-hidden="true" />
      <span id="connection-text" role="status">
        {sentence(connection)}
      </span>
      <Detail connection={connection} since={since} />
    </div>
  );
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

interface DetailProps {
  readonly connection: ConnectionState;
  readonly since: number;
}

/** What changes by the second stands apart from what is announced. */
function Detail({ connection, since }: DetailProps): ReactNode {
  const now = useNow(connection.status === "reconnecting");
  return (
    <span id="connection-detail" className="quiet numeric">
      {detailOf(connection, Math.max(0, now - since))}
    </span>
  );
}

function detailOf(state: ConnectionState, passedMs: number): string {
  switch (state.status) {
    case "reconnecting": {
      const leftMs = Math.max(0, state.delayMs - passedMs);
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

/** The time by the clock of `performance`, four times a second while it matters. */
function useNow(matters: boolean): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (!matters) return undefined;
    const ticking = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(ticking);
  }, [matters]);
  return now;
}

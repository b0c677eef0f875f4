import type { Beat, Beats, Path } from "./channel.ts";
import { at, filled } from "./paths.ts";

/** Says the messages of a document's heartbeat, for channels that have one. */
export const beats: Beats = {
  ping(heartbeat, unixMs) {
    if (!heartbeat) return undefined;
    const { ping, time, isWhole } = heartbeat;
    const seconds = unixMs / 1000;
    return beat(ping, time, isWhole ? Math.floor(seconds) : seconds);
  },
  pong(heartbeat, { name, message }) {
    if (heartbeat?.by !== "server" || !heartbeat.pong || name !== heartbeat.ping.name) {
      return undefined;
    }
    const { pong, time } = heartbeat;
    return beat(pong, time, time && at(message, time));
  },
};

function beat({ content }: Beat, path: Path | undefined, value: unknown): string {
  return JSON.stringify(path === undefined ? content : filled(content, path, value));
}

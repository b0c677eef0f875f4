import type { Beat, Beats, Path } from "./channel.ts";
import { at, filled } from "./paths.ts";

/** Says the messages of a document's heartbeat, for channels that have one. */
export const beats: Beats = {
  ping({ ping, time, isWhole }, unixMs) {
    const seconds = unixMs / 1000;
    return beat(ping, time, isWhole ? Math.floor(seconds) : seconds);
  },
  pong({ by, ping, pong, time }, name, message) {
    if (by === "client" || pong === undefined || name !== ping.name) return undefined;
    return beat(pong, time, time && at(message, time));
  },
};

function beat({ content }: Beat, path: Path | undefined, value: unknown): object {
  return path === undefined ? content : filled(content, path, value);
}

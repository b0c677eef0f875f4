/** From a channel's connection to its room. */
import { useChannel, useChannelEvent, useConnection } from "@wirepact/client/react";
import { ChatClient } from "@wirepact/services/chat";
import { useEffect, useMemo, useState } from "react";

import { sentence } from "../api.ts";
import { useFrames } from "../frames.ts";
import { useClient, useShownConnection, useSite } from "../page/site.ts";
import { Sequel } from "../sequel.ts";
import type { Site } from "../site.ts";
import { kept } from "./api.ts";
import { Room, type Shown } from "./room.ts";
import { Speaker } from "./speaker.ts";

const SILENCE_MS = 1_000;

interface Live {
  readonly shown: Shown;
  readonly speaker: Speaker;
  readonly isOpen: boolean;
}

/** Connected to a channel for as long as the view is shown: the room as `self` sees it, frame by frame, and what can be said. */
export function useRoom(channel: string, self: number | undefined): Live {
  const site = useSite();
  const live = useChannel(useClient(ChatClient), "room", { channel_url: channel });
  const [room] = useState(() => new Room());
  const [shown, changed] = useFrames(() => room.show(self, performance.now()));
  const [{ opened, hear }] = useState(() => new Sequel(() => loaded(room, channel, site)));
  const speaker = useMemo(() => new Speaker(live, channel, site), [live, channel, site]);
  const state = useConnection(live);
  useShownConnection(state);
  useForgetting(shown.writers.length > 0, changed);

  function taking<Message>(take: (message: Message) => void): (message: Message) => void {
    return (message) =>
      hear(() => {
        take(message);
        changed();
      });
  }

  useChannelEvent(live, "$open", () => {
    opened();
    live?.send({ type: "READ" });
  });
  useChannelEvent(
    live,
    "text",
    taking((message) => room.said(message)),
  );
  useChannelEvent(
    live,
    "file",
    taking((message) => room.said(message)),
  );
  useChannelEvent(
    live,
    "image",
    taking((message) => room.said(message)),
  );
  useChannelEvent(
    live,
    "read",
    taking((message) => room.read(message)),
  );
  useChannelEvent(
    live,
    "user_joined",
    taking((message) => room.joined(message)),
  );
  useChannelEvent(
    live,
    "user_left",
    taking((message) => room.left(message)),
  );
  useChannelEvent(
    live,
    "typing",
    taking((message) => room.typing(message, performance.now())),
  );
  useChannelEvent(live, "error", ({ message }) => site.notice(`The server says: ${message}`));
  return { shown, speaker, isOpen: state.status === "open" };
}

/** Who writes and falls silent is looked at again without a message. */
function useForgetting(isSomebodyWriting: boolean, changed: () => void): void {
  useEffect(() => {
    if (!isSomebodyWriting) return undefined;
    const looking = setInterval(changed, SILENCE_MS);
    return () => clearInterval(looking);
  }, [isSomebodyWriting, changed]);
}

async function loaded(room: Room, channel: string, { token, notice }: Site): Promise<void> {
  try {
    room.load(...(await kept(channel, token)));
    notice("");
  } catch (error) {
    notice(`The channel could not be loaded. ${sentence(error)}`);
  }
}

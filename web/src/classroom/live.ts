/** From a session's connection to its lesson, as an instructor sees it who only looks on. */
import { useChannel, useChannelEvent, useConnection } from "@wirepact/client/react";
import { ClassroomClient } from "@wirepact/services/classroom";
import { useState } from "react";

import { sentence } from "../api.ts";
import { useFrames } from "../frames.ts";
import { useClient, useShownConnection, useSite } from "../page/site.ts";
import { Sequel } from "../sequel.ts";
import type { Site } from "../site.ts";
import { detailsOf } from "./api.ts";
import { Lesson, type Shown } from "./lesson.ts";

/** Connected to a session for as long as the view is shown: its lesson, frame by frame. */
export function useLesson(session: string): Shown {
  const site = useSite();
  const live = useChannel(useClient(ClassroomClient), "session", { session_code: session });
  const [lesson] = useState(() => new Lesson());
  const [shown, changed] = useFrames(() => lesson.show());
  const [{ opened, hear }] = useState(() => new Sequel(() => loaded(lesson, session, site)));
  useShownConnection(useConnection(live));

  function taking<Message>(take: (message: Message) => void): (message: Message) => void {
    return (message) =>
      hear(() => {
        take(message);
        changed();
      });
  }

  // Who only looks on may hear nothing for long: the answer to a heartbeat is the first message.
  useChannelEvent(live, "$open", () => {
    opened();
    live?.send({ type: "heartbeat", data: { timestamp: Date.now() } });
  });
  useChannelEvent(
    live,
    "heartbeat_ack",
    taking(() => {}),
  );
  useChannelEvent(
    live,
    "participant_joined",
    taking((message) => lesson.joined(message)),
  );
  useChannelEvent(
    live,
    "participant_left",
    taking((message) => lesson.left(message)),
  );
  useChannelEvent(
    live,
    "progress_updated",
    taking((message) => lesson.progressed(message)),
  );
  useChannelEvent(
    live,
    "help_requested",
    taking((message) => lesson.asked(message)),
  );
  useChannelEvent(
    live,
    "step_changed",
    taking((message) => lesson.stepChanged(message)),
  );
  useChannelEvent(
    live,
    "session_status_changed",
    taking((message) => lesson.statusChanged(message)),
  );
  useChannelEvent(live, "error", ({ message }) => site.notice(`The server says: ${message}`));
  return shown;
}

async function loaded(lesson: Lesson, session: string, { token, notice }: Site): Promise<void> {
  try {
    lesson.load(...(await detailsOf(session, token)));
    notice("");
  } catch (error) {
    notice(`The lesson could not be loaded. ${sentence(error)}`);
  }
}

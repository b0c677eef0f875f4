/** A lesson, as an instructor sees it who only looks on. */
import {
  ClassroomClient,
  type ParticipantList,
  type SessionConnection,
  type SessionDetails,
  type SessionIncoming,
} from "@wirepact/services/classroom";

import { fetched, sentence } from "../api.ts";
import { byId } from "../dom.ts";
import { framed } from "../frame.ts";
import type { Site } from "../site.ts";
import { drawLesson } from "./draw.ts";
import { Lesson } from "./lesson.ts";

const DEMO = "DEMO";

const form = byId("lesson-form", HTMLFormElement);
const code = byId("lesson-code", HTMLInputElement);

export function openClassroom(site: Site, signal: AbortSignal): void {
  code.value = site.place.get("session") ?? DEMO;
  form.addEventListener("submit", choose, { signal });
  const lesson = new Lesson();
  const draw = framed(() => drawLesson(lesson));
  const classroom = new ClassroomClient({
    url: location.origin,
    ...(site.token && { getToken: () => site.token }),
  });
  const connection = classroom.session({ session_code: code.value }, { signal });
  connection.on("$state", site.connected);
  listen(connection, lesson, draw, () => loaded(lesson, code.value, site));
  draw();
}

/** The address says which lesson it is. */
function choose(event: SubmitEvent): void {
  event.preventDefault();
  location.hash = new URLSearchParams({ view: "classroom", session: code.value }).toString();
}

/**
 * What is heard waits for what was there before, which is asked for whenever the server has let us in: not when the socket is
 * open, which may be that of a server that only tells us to go, but when a heartbeat is answered.
 */
function listen(
  connection: SessionConnection,
  lesson: Lesson,
  draw: () => void,
  load: () => Promise<void>,
): void {
  let before = Promise.resolve();
  connection.on("$open", () =>
    connection.send({ type: "heartbeat", data: { timestamp: Date.now() } }),
  );
  connection.on("heartbeat_ack", () => (before = load().then(draw)));

  function on<Name extends keyof SessionIncoming>(
    name: Name,
    take: (message: SessionIncoming[Name]) => void,
  ): void {
    connection.on(name, (message) => {
      void before.then(() => {
        take(message);
        draw();
      });
    });
  }

  on("participant_joined", (message) => lesson.joined(message));
  on("participant_left", (message) => lesson.left(message));
  on("progress_updated", (message) => lesson.progressed(message));
  on("help_requested", (message) => lesson.asked(message));
  on("step_changed", (message) => lesson.stepChanged(message));
  on("session_status_changed", (message) => lesson.statusChanged(message));
}

async function loaded(lesson: Lesson, session: string, { token, notice }: Site): Promise<void> {
  const path = `/api/sessions/${encodeURIComponent(session)}/`;
  try {
    const [details, { participants }] = await Promise.all([
      fetched<SessionDetails>(path, token),
      fetched<ParticipantList>(`${path}participants/`, token),
    ]);
    lesson.load(details, participants);
    notice("");
  } catch (error) {
    notice(`The lesson could not be loaded. ${sentence(error)}`);
  }
}

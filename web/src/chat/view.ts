/** A channel of the chat: what is said in it, and a line to say something. */
import {
  ChatClient,
  type MemberList,
  type MessagePage,
  type RoomConnection,
  type RoomIncoming,
  type SharedFile,
  type StoredFile,
} from "@wirepact/services/chat";
import { NotOpenError } from "@wirepact/client";

import { fetched, saved, sentence, uploaded } from "../api.ts";
import { byId } from "../dom.ts";
import { framed } from "../frame.ts";
import type { Site } from "../site.ts";
import { subjectOf } from "../token.ts";
import { drawRoom } from "./draw.ts";
import { Room, WRITING_MS } from "./room.ts";

const DEMO = "demo_chat";
const HISTORY = 50;
const MINIMUM_MS_BETWEEN_TYPINGS = 3_000;

const choice = byId("channel-form", HTMLFormElement);
const channel = byId("channel-url", HTMLInputElement);
const composer = byId("composer", HTMLFormElement);
const words = byId("words", HTMLInputElement);
const send = byId("send", HTMLButtonElement);
const attachment = byId("attachment", HTMLInputElement);

export function openChat(site: Site, signal: AbortSignal): void {
  const name = site.place.get("channel") ?? DEMO;
  channel.value = name;
  choice.addEventListener("submit", choose, { signal });
  const self = Number(subjectOf(site.token)) || undefined;
  const room = new Room();
  const save = (file: SharedFile): void => {
    saved(file.url, file.name, site.token).catch((error: unknown) => site.notice(sentence(error)));
  };
  const draw = framed(() => drawRoom(room, self, save));
  const chat = new ChatClient({
    url: location.origin,
    ...(site.token && { getToken: () => site.token }),
  });
  const connection = chat.room({ channel_url: name }, { signal });
  connection.on("$state", (state) => {
    send.disabled = attachment.disabled = state.status !== "open";
    site.connected(state);
  });
  listen(connection, room, draw, () => loaded(room, name, site));
  connection.on("error", ({ message }) => site.notice(`The server says: ${message}`));
  wireComposer(connection, signal);
  const show = (): void => {
    const [file] = attachment.files ?? [];
    attachment.value = "";
    if (file === undefined) return;
    shown(connection, name, file, site.token).catch((error: unknown) => {
      site.notice(`The file could not be shown. ${sentence(error)}`);
    });
  };
  attachment.addEventListener("change", show, { signal });
  draw();
}

/** The address says which channel it is. */
function choose(event: SubmitEvent): void {
  event.preventDefault();
  location.hash = new URLSearchParams({ view: "chat", channel: channel.value }).toString();
}

/**
 * What is heard waits for what was there before, which is asked for whenever the server has let us in: not when the socket is
 * open, which may be that of a server that only tells us to go, but when it has told what we say then, that we read.
 */
function listen(
  connection: RoomConnection,
  room: Room,
  draw: () => void,
  load: () => Promise<void>,
): void {
  let before: Promise<void> | undefined;
  connection.on("$open", () => {
    before = undefined;
    connection.send({ type: "READ" });
  });

  function on<Name extends keyof RoomIncoming>(
    name: Name,
    take: (message: RoomIncoming[Name]) => void,
  ): void {
    connection.on(name, (message) => {
      before ??= load();
      void before.then(() => {
        take(message);
        draw();
      });
    });
  }

  on("text", (message) => room.said(message));
  on("file", (message) => room.said(message));
  on("image", (message) => room.said(message));
  on("read", (message) => room.read(message));
  on("user_joined", (message) => room.joined(message));
  on("user_left", (message) => room.left(message));
  on("typing", (message) => {
    room.typing(message, performance.now());
    setTimeout(draw, WRITING_MS + 100);
  });
}

async function loaded(room: Room, name: string, { token, notice }: Site): Promise<void> {
  const path = `/api/v1/chat/channels/${encodeURIComponent(name)}`;
  try {
    const [{ messages }, { members }] = await Promise.all([
      fetched<MessagePage>(`${path}/messages/?limit=${HISTORY}`, token),
      fetched<MemberList>(`${path}/members/`, token),
    ]);
    room.load(messages, members);
    notice("");
  } catch (error) {
    notice(`The channel could not be loaded. ${sentence(error)}`);
  }
}

/** Uploads a file and shows it to all. */
async function shown(
  connection: RoomConnection,
  name: string,
  file: File,
  token: string,
): Promise<void> {
  const path = `/api/v1/chat/channels/${encodeURIComponent(name)}/files/`;
  const stored = await uploaded<StoredFile>(path, file, token);
  const type = stored.media_type.startsWith("image/") ? "IMAGE" : "FILE";
  connection.send({ type, message: "", file: stored });
}

function wireComposer(connection: RoomConnection, signal: AbortSignal): void {
  let typedAt = -Infinity;
  const type = (): void => {
    if (performance.now() - typedAt < MINIMUM_MS_BETWEEN_TYPINGS) return;
    if (connection.state.status !== "open") return;
    typedAt = performance.now();
    connection.send({ type: "TYPING", is_typing: true });
  };
  const say = (event: SubmitEvent): void => {
    event.preventDefault();
    if (words.value.trim() === "") return;
    try {
      connection.send({ type: "MESG", message: words.value });
    } catch (error) {
      if (!(error instanceof NotOpenError)) throw error;
      return;
    }
    words.value = "";
    typedAt = -Infinity;
  };
  words.addEventListener("input", type, { signal });
  composer.addEventListener("submit", say, { signal });
}

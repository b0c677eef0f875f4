import { fake, type Faked } from "@wirepact/client/testing";
import { ChatClient, PermissionDenied, type RoomConnection } from "@wirepact/services/chat";
import { beforeEach, expect, test, vi } from "vitest";

import { Speaker } from "../../src/chat/speaker.ts";
import { Visit } from "../../src/page/visit.ts";

let faked: Faked<ChatClient>;
let live: RoomConnection;
let visit: Visit;
let speaker: Speaker;

beforeEach(async () => {
  faked = fake(ChatClient);
  live = faked.client.room({ channel_url: "demo_chat" });
  visit = new Visit({ number: 1, place: new URLSearchParams(), token: "" });
  speaker = new Speaker(live, "demo_chat", visit);
  await faked.server.connected();
});

function room() {
  return faked.server.channel("room", { channel_url: "demo_chat" });
}

function typings(): number {
  return room().sent.filter(({ type }) => type === "TYPING").length;
}

test("what is said is heard", async () => {
  room().answers("say_text", () => undefined);

  expect(await speaker.say("안녕하세요!")).toBe(true);

  expect(room().sent).toEqual([{ type: "MESG", message: "안녕하세요!" }]);
  expect(visit.told().notice).toBe("");
});

test("who is refused is told why", async () => {
  room().answers("say_text", () => {
    throw new PermissionDenied({
      code: "permission_denied",
      text: "no more",
      temporary: false,
      delayMs: undefined,
    });
  });

  expect(await speaker.say("안녕하세요!")).toBe(false);

  expect(visit.told().notice).toBe("This may not have been heard. permission_denied: no more");
});

test("that somebody writes is told once in a while, and at once after something was said", async () => {
  room().answers("say_text", () => undefined);
  for (const now of [0, 1, 2_999, 3_000]) speaker.typing(now);
  await vi.waitFor(() => expect(typings()).toBe(2));

  await speaker.say("하나");
  speaker.typing(3_001);

  await vi.waitFor(() => expect(typings()).toBe(3));
});

test("while nothing can be heard nobody is told of writing, and words are refused", async () => {
  faked.server.stop();
  faked.server.drop(1006);
  await vi.waitFor(() => expect(live.state.status).toBe("reconnecting"));

  speaker.typing(0);

  expect(await speaker.say("하나")).toBe(false);
  expect(visit.told().notice).toContain("nothing was sent");
});

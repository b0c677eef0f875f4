/** Which parts of a platform a client stands on. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { SpcClient } from "@wirepact/services/spc";
import { expect, test } from "vitest";

const run = promisify(execFile);

test("it loads where there are no DOM event classes, as in React Native", async () => {
  const program = `
    for (const name of ["Event", "EventTarget", "MessageEvent", "CustomEvent", "CloseEvent", "WebSocket"]) {
      Reflect.deleteProperty(globalThis, name);
    }
    const { SpcClient } = await import("@wirepact/services/spc");
    class Socket { constructor(url) { console.log(url); process.exit(); } }
    new SpcClient({ url: "ws://factory.test", webSocket: Socket }).product({ id: 1 });
  `;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program]);

  expect(stdout.trim()).toBe("ws://factory.test/ws/spc/product/1/");
});

test("where there is no WebSocket a client can be made, as on a server of pages, and says so when it is to connect", () => {
  const platforms = globalThis as { WebSocket?: unknown };
  const there = platforms.WebSocket;
  delete platforms.WebSocket;
  const spc = new SpcClient({ url: "ws://factory.test" });

  expect(() => spc.notifications()).toThrow("there is no WebSocket");

  if (there !== undefined) platforms.WebSocket = there;
});

test("an address that is none is refused at once", () => {
  expect(() => new SpcClient({ url: "factory" })).toThrow(TypeError);
});

/** The generated client against a real WebSocket server, which says what the test tells it to. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { type ConnectionState, ConnectionClosedError } from "@wirepact/client";
import { type NotificationsConnection, SpcClient } from "@wirepact/services/spc";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";

const GREETING = {
  type: "connection",
  message: "SPC 실시간 알림에 연결되었습니다",
  timestamp: "2026-01-11T12:00:00",
} as const;

interface Visit {
  readonly path: string;
  readonly socket: WebSocket;
}

/** A server of the legacy wire that greets, and keeps who came. */
class Factory {
  readonly visits: Visit[] = [];
  readonly #server: WebSocketServer;
  #waiting: (() => void)[] = [];

  constructor(port = 0) {
    this.#server = new WebSocketServer({ host: "127.0.0.1", port, handleProtocols: () => false });
    this.#server.on("connection", (socket, { url, headers }) => {
      // A client that offers something does not stay where nothing of it is selected, and comes back without.
      if (headers["sec-websocket-protocol"]) return;
      this.visits.push({ path: url ?? "", socket });
      socket.send(JSON.stringify(GREETING));
      for (const tell of this.#waiting.splice(0)) tell();
    });
  }

  static async open(port?: number): Promise<Factory> {
    const factory = new Factory(port);
    await once(factory.#server, "listening");
    return factory;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The visit number `count`, which may be still to come. */
  async visit(count: number): Promise<Visit> {
    while (this.visits.length < count) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.visits[count - 1] as Visit;
  }

  async close(code = 1001): Promise<void> {
    for (const { socket } of this.visits) socket.close(code);
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let factory: Factory;
let ending: AbortController;

beforeEach(async () => {
  factory = await Factory.open();
  ending = new AbortController();
});

afterEach(async () => {
  ending.abort();
  await factory.close();
});

function client(getToken?: () => string): SpcClient {
  return new SpcClient({
    url: `http://127.0.0.1:${factory.port}`,
    webSocket: WebSocket,
    backoff: { baseMs: 1 },
    ...(getToken && { getToken }),
  });
}

function notifications(getToken?: () => string): NotificationsConnection {
  return client(getToken).notifications({ signal: ending.signal });
}

function stateOf(
  live: NotificationsConnection,
  status: ConnectionState["status"],
): Promise<ConnectionState> {
  return new Promise((resolve) => {
    live.on("$state", (state) => state.status === status && resolve(state));
  });
}

async function heardBy({ socket }: Visit): Promise<unknown> {
  const [data] = await once(socket, "message");
  return JSON.parse(String(data));
}

test("it is greeted, says something, and hears the answer", async () => {
  const live = notifications();
  const messages = live.messages();
  expect(await messages.next()).toEqual({ value: GREETING, done: false });
  const visit = await factory.visit(1);
  const heard = heardBy(visit);
  live.send({ type: "get_alerts", limit: 10 });
  expect(await heard).toEqual({ type: "get_alerts", limit: 10 });
  const answer = { type: "alerts", alerts: [], timestamp: "2026-01-11T12:00:00" };
  visit.socket.send(JSON.stringify(answer));

  expect(await messages.next()).toEqual({ value: answer, done: false });
  expect(visit.path).toBe("/ws/spc/notifications/");
});

test("the product's id stands in the address, the token in the query", async () => {
  client(() => "a.b+c").product({ id: 7 }, { signal: ending.signal });

  expect((await factory.visit(1)).path).toBe("/ws/spc/product/7/?token=a.b%2Bc");
});

test("it comes back when the server went away, and subscribes again", async () => {
  const live = notifications();
  live.on("$open", () => live.send({ type: "subscribe_product", product_id: 1 }));
  const first = await factory.visit(1);
  expect(await heardBy(first)).toEqual({ type: "subscribe_product", product_id: 1 });
  first.socket.close(1001);
  const second = await factory.visit(2);

  expect(await heardBy(second)).toEqual({ type: "subscribe_product", product_id: 1 });
});

test("it comes back when the line is cut, and when nobody answers for a while", async () => {
  const live = notifications();
  const { port } = factory;
  const lost = stateOf(live, "reconnecting");
  (await factory.visit(1)).socket.terminate();
  expect(await lost).toMatchObject({ attempt: 1, closeCode: 1006 });
  await factory.visit(2);
  await factory.close();
  await stateOf(live, "connecting");
  await stateOf(live, "reconnecting");
  factory = await Factory.open(port);
  await factory.visit(1);

  await expect.poll(() => live.state.status).toBe("open");
});

test("a refused token is refreshed once, then it is over", async () => {
  const live = notifications(() => "bad");
  const over = stateOf(live, "closed");
  const reading = (async () => {
    for await (const _ of live);
  })();
  (await factory.visit(1)).socket.close(4401, "Token missing, invalid or expired");
  (await factory.visit(2)).socket.close(4401, "Token missing, invalid or expired");

  await expect(reading).rejects.toThrow(ConnectionClosedError);
  expect(await over).toEqual({
    status: "closed",
    code: 4401,
    reason: "Token missing, invalid or expired",
    terminal: true,
  });
  expect(factory.visits).toHaveLength(2);
});

test("closing before it is open leaves nothing behind", async () => {
  const live = notifications();
  await stateOf(live, "connecting");
  live.close();

  expect(live.state).toMatchObject({ status: "closed", terminal: false });
});

test("closing tells the server that it is normal", async () => {
  const live = notifications();
  await live.messages().next();
  const closed = once((await factory.visit(1)).socket, "close");
  live.close();

  expect((await closed)[0]).toBe(1000);
});

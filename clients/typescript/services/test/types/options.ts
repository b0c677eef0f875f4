/** How clients, connections, messages and requests are told what to do. Nothing here runs: `npm run check` is the test. */
import type {
  ClientOptions,
  Clock,
  ConnectionOptions,
  Lifecycle,
  LifeSign,
  MessagesOptions,
  RequestOptions,
  SendOptions,
  SocketConstructor,
  TokenReason,
  Validation,
} from "@wirepact/client";
import { type AppState, type NetInfo, reactNativeLifecycle } from "@wirepact/client/react-native";
import { ChatClient } from "@wirepact/services/chat";
import { type Alerts, type NotificationsOutgoing, SpcClient } from "@wirepact/services/spc";
import { WebSocket as WsWebSocket } from "ws";

import { expectType } from "../../../runtime/test/types/expect.ts";

declare const spc: SpcClient;
const live = spc.notifications();

/** All of it may be left out but the URL. */
export function ofClients(): void {
  expectType<{
    readonly url: string | URL;
    readonly getToken?: (request: {
      readonly reason: TokenReason;
      readonly signal: AbortSignal;
    }) => string | Promise<string>;
    readonly webSocket?: SocketConstructor;
    readonly backoff?: {
      readonly baseMs?: number;
      readonly capMs?: number;
      readonly minimumUptimeMs?: number;
    };
    readonly connectTimeoutMs?: number;
    readonly clock?: Clock;
    readonly lifecycle?: Lifecycle;
    readonly offline?: "queue" | "fail" | { readonly [name: string]: "queue" | "fail" };
    readonly queue?: {
      readonly messages?: number;
      readonly bytes?: number;
      readonly ageMs?: number;
    };
    readonly validate?: Validation;
  }>()({} as ClientOptions, true);
  new SpcClient({ url: "ws://localhost" });
  new SpcClient({ url: "ws://localhost", webSocket: WebSocket });
  new SpcClient({ url: "ws://localhost", webSocket: WsWebSocket });

  // @ts-expect-error what may be left out is left out, not undefined
  new SpcClient({ url: "ws://localhost", getToken: undefined });
  // @ts-expect-error a slip is noticed
  new SpcClient({ url: "ws://localhost", getTokens: () => "" });
  // @ts-expect-error an address is no URL by itself
  new SpcClient(8000);
  // @ts-expect-error what is made has to be a socket
  new SpcClient({ url: "ws://localhost", webSocket: Date });
}

export function tokens(): void {
  new SpcClient({
    url: "ws://localhost",
    getToken({ reason, signal }) {
      expectType<"connect" | "reconnect" | "refresh" | "expiring">()(reason, true);
      expectType<AbortSignal>()(signal, true);
      return "";
    },
  });
  // @ts-expect-error a token may be none, which is an empty text
  new SpcClient({ url: "ws://localhost", getToken: async () => undefined });
}

export function ofConnections(signal: AbortSignal): void {
  expectType<{ readonly signal?: AbortSignal }>()({} as ConnectionOptions, true);
  spc.notifications({ signal });
  spc.product({ id: 1 });
  const chat = new ChatClient("ws://localhost");
  chat.testRoom({ channel_url: "a" }, { query: { user_id: 7 }, signal });

  // @ts-expect-error this channel reads no query
  spc.notifications({ query: {} });
  // @ts-expect-error what the server reads has to be said
  chat.testRoom({ channel_url: "a" });
  // @ts-expect-error as the document has it
  chat.testRoom({ channel_url: "a" }, { query: { user: 7 } });
}

export function ofMessages(): void {
  expectType<{ readonly offline?: "queue" | "fail" }>()({} as SendOptions, true);
  expectType<{
    readonly offline?: "queue" | "fail";
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal;
  }>()({} as RequestOptions, true);
  expectType<{
    readonly signal?: AbortSignal;
    readonly capacity?: number;
    readonly lifecycle?: boolean;
  }>()({} as MessagesOptions, true);
  expectType<void>()(live.send({ type: "get_alerts" }, { offline: "queue" }), true);
  expectType<readonly NotificationsOutgoing[keyof NotificationsOutgoing][]>()(live.close(), true);

  // @ts-expect-error who sends waits for nothing
  live.send({ type: "get_alerts" }, { timeoutMs: 1 });
  // @ts-expect-error what is asked is a message of the channel
  void live.request("get_alerts");
}

/** What may be answered stands in the document, for a message that is one of several, too. */
export async function answers(which: NotificationsOutgoing["get_alerts"]): Promise<void> {
  expectType<Promise<Alerts>>()(live.request(which), true);
  const { min_priority } = await live.request({ type: "filter_alerts", min_priority: 3 });
  expectType<number>()(min_priority, true);
  // @ts-expect-error that is answered with something else
  void (await live.request({ type: "filter_alerts", min_priority: 3 })).alerts;
}

export function lives(app: AppState, net: NetInfo): void {
  expectType<"online" | "offline" | "shown" | "suspended">()("online" as LifeSign, true);
  expectType<Lifecycle>()(reactNativeLifecycle(app), true);
  expectType<Lifecycle>()(reactNativeLifecycle(app, net), true);
  const lifecycle: Lifecycle = (tell) => {
    tell("shown");
    // @ts-expect-error there is no such sign
    tell("hidden");
    return () => {};
  };
  new SpcClient({ url: "ws://localhost", lifecycle });
}

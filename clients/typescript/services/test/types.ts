/** What must compile and what must not. Nothing here runs: `npm run check` is the test. */
import { isUnknown, type RefusedError, type Unlisted } from "@wirepact/client";
import {
  type Alert,
  type Alerts,
  type ErrorCode,
  type NotificationsMessage,
  type NotificationsOutgoing,
  type QualityAlert,
  RateLimited,
  SpcClient,
  servers,
} from "@wirepact/services/spc";
import { WebSocket as WsWebSocket } from "ws";

import { expectType } from "../../runtime/test/types/expect.ts";

const spc: SpcClient = new SpcClient({ url: "ws://localhost:8000" });
const live = spc.notifications();

export function connecting(): void {
  new SpcClient({ url: new URL("wss://factory.test"), webSocket: WebSocket });
  new SpcClient({ url: "http://factory.test", webSocket: WsWebSocket });
  new SpcClient({ url: "http://factory.test", getToken: async ({ signal }) => String(signal) });
  new SpcClient(servers.websocket());
  new SpcClient(new URL("wss://factory.test"));
  spc.product({ id: 1 }, { signal: AbortSignal.timeout(1) });

  // @ts-expect-error the server has no variables
  servers.websocket({ port: "1" });
  // @ts-expect-error a client needs to know where the service is
  new SpcClient({});
  // @ts-expect-error a token is a text
  new SpcClient({ url: "", getToken: () => 7 });
  // @ts-expect-error the product's id is an integer
  spc.product({ id: "1" });
  // @ts-expect-error the product's id is needed
  spc.product({});
  // @ts-expect-error notifications have no parameters
  spc.notifications({ id: 1 });
  // @ts-expect-error there is no such channel
  spc.alerts();
}

export function sending(): void {
  live.send({ type: "subscribe_product", product_id: 1 });
  live.send({ type: "get_alerts" });
  live.send({ type: "get_alerts", limit: 10 });

  // @ts-expect-error there is no such message
  live.send({ type: "subscribe" });
  // @ts-expect-error product_id is missing
  live.send({ type: "subscribe_product" });
  // @ts-expect-error a number is no text
  live.send({ type: "get_alerts", limit: "10" });
  // @ts-expect-error what may be left out is left out, not undefined
  live.send({ type: "get_alerts", limit: undefined });
  // @ts-expect-error no such field
  live.send({ type: "get_alerts", offset: 1 });
  // @ts-expect-error alerts are for the server to say
  live.send({ type: "alert", alert: {} as QualityAlert, timestamp: "2026-01-11T12:00:00" });
  // @ts-expect-error this channel is about one product, there is nothing to subscribe to
  spc.product({ id: 1 }).send({ type: "subscribe_product", product_id: 1 });
}

export function listening(): void {
  live.on("alert", (message) => {
    expectType<Alert>()(message, true);
    expectType<string>()(message.alert.title, true);
  });
  live.on("$state", (state) => {
    if (state.status === "reconnecting") expectType<number>()(state.delayMs, true);
    if (state.status === "closed") expectType<boolean>()(state.terminal, true);
    // @ts-expect-error only while it comes back is there a delay
    void state.delayMs;
  });
  live.on("$open", ({ reconnected }) => expectType<boolean>()(reconnected, true));
  live.on("$unknown", ({ raw }) => expectType<string>()(raw, true));
  const remove: () => void = live.on("measurement", () => {}, { signal: AbortSignal.abort() });
  remove();

  // @ts-expect-error there is no such message
  live.on("alerted", () => {});
  // @ts-expect-error the client says this, it does not hear it
  live.on("get_alerts", () => {});
  // @ts-expect-error an alert has no measurement
  live.on("alert", ({ measurement }) => measurement);
}

export async function asking(): Promise<void> {
  const alerts = await live.request({ type: "get_alerts", limit: 10 }, { timeoutMs: 5000 });
  expectType<Alerts>()(alerts, true);
  const done = await live.request({ type: "subscribe_product", product_id: 1 });
  expectType<NotificationsMessage | undefined>()(done, true);
  try {
    await live.request({ type: "get_alerts" }, { signal: AbortSignal.timeout(1), offline: "fail" });
  } catch (error) {
    if (error instanceof RateLimited) {
      expectType<"rate_limited">()(error.code, true);
      expectType<number | undefined>()(error.delayMs, true);
    }
  }

  // @ts-expect-error alerts are not what is asked with
  void live.request({ type: "alerts" });
  // @ts-expect-error a limit is a number
  void live.request({ type: "get_alerts", limit: "10" });
  // @ts-expect-error there is no such policy
  live.send({ type: "get_alerts" }, { offline: "later" });
}

export function ending(): void {
  for (const message of live.close()) expectType<NotificationsUnsent>()(message, true);
  live.on("$resumed", ({ recovered }) => expectType<boolean>()(recovered, true));
  live.on("$refused", (refused) => expectType<RefusedError>()(refused, true));
}

type NotificationsUnsent = NotificationsOutgoing[keyof NotificationsOutgoing];

export async function looping(): Promise<void> {
  for await (const message of live) expectType<NotificationsMessage>()(message, true);
  for await (const message of live.messages({ capacity: 10 })) {
    if (message.type === "error") expectType<ErrorCode | Unlisted>()(message.code, true);
  }
}

/** With every message named and the unknown one last, nothing is left. */
export function narrowing(message: NotificationsMessage): string {
  switch (message.type) {
    case "connection":
      expectType<"SPC 실시간 알림에 연결되었습니다">()(message.message, true);
      return message.message;
    case "alert":
      return message.alert.title;
    case "alerts":
      return String(message.alerts[0]?.title);
    case "measurement":
      return String(message.measurement.measurement_value);
    case "capability":
      return String(message.capability.cpk);
    case "run_rule_violation":
      return message.run_rule_violation.rule_name;
    case "alert_filter":
      return String(message.min_priority);
    case "error":
      return message.code;
    case "$unknown":
      return message.name ?? message.raw;
  }
}

export function guarding(message: NotificationsMessage): string {
  if (isUnknown(message)) return message.raw;
  expectType<
    | "connection"
    | "alert"
    | "measurement"
    | "capability"
    | "run_rule_violation"
    | "alerts"
    | "alert_filter"
    | "error"
  >()(message.type, true);
  // @ts-expect-error a list may be empty
  if (message.type === "alerts") return message.alerts[0].title;
  return message.type;
}

/** What a connection tells besides messages. Nothing here runs: `npm run check` is the test. */
import type {
  Closed,
  Connecting,
  ConnectionState,
  Idle,
  Open,
  Opened,
  Reconnecting,
  RefusedError,
  Resumed,
  Told,
  Unknown,
} from "@wirepact/client";
import type { NotificationsConnection, NotificationsMessage } from "@wirepact/services/spc";

import { expectType } from "../../../runtime/test/types/expect.ts";

declare const live: NotificationsConnection;

/** Each state has what is known in it, and nothing that is not; with all of them named nothing is left. */
export function states(state: ConnectionState): string {
  expectType<Idle | Connecting | Open | Reconnecting | Closed>()(state, true);
  switch (state.status) {
    case "idle":
      expectType<{ readonly status: "idle" }>()(state, true);
      return "not yet";
    case "connecting":
      expectType<{ readonly status: "connecting"; readonly attempt: number }>()(state, true);
      return `attempt ${state.attempt}`;
    case "open":
      expectType<{ readonly status: "open" }>()(state, true);
      return "open";
    case "reconnecting":
      expectType<{
        readonly status: "reconnecting";
        readonly attempt: number;
        readonly delayMs: number;
        readonly closeCode: number;
      }>()(state, true);
      return `again in ${state.delayMs} ms`;
    case "closed":
      expectType<{
        readonly status: "closed";
        readonly code: number;
        readonly reason: string;
        readonly terminal: boolean;
      }>()(state, true);
      return state.reason;
  }
}

// @ts-expect-error there are other states
export function toldTooEarly(state: ConnectionState): string {
  switch (state.status) {
    case "open":
      return "open";
    case "closed":
      return "closed";
  }
}

export function snapshot(): void {
  expectType<ConnectionState>()(live.state, true);
  // @ts-expect-error a state is told, not set
  live.state = { status: "open" };
  // @ts-expect-error there is no such state
  void (live.state.status === "connected");
  // @ts-expect-error only who comes back has a delay
  void live.state.delayMs;
  // @ts-expect-error only what is over has a reason
  void live.state.reason;
}

export function events(): void {
  live.on("$state", (state) => expectType<ConnectionState>()(state, true));
  live.on("$open", (opened) => {
    expectType<Opened>()(opened, true);
    expectType<{
      readonly reconnected: boolean;
      readonly protocol: string;
      readonly connection: string;
      readonly isSameContract: boolean;
    }>()(opened, true);
  });
  live.on("$resumed", (resumed) => {
    expectType<Resumed>()(resumed, true);
    expectType<{ readonly audience: string; readonly recovered: boolean }>()(resumed, true);
  });
  live.on("$unknown", (unknown) => {
    expectType<Unknown>()(unknown, true);
    expectType<{
      readonly type: "$unknown";
      readonly name: string | undefined;
      readonly raw: string;
      readonly problem?: string;
    }>()(unknown, true);
  });
  live.on("$refused", (refused) => expectType<RefusedError>()(refused, true));
  live.on("$unsent", (unsent) =>
    expectType<{ readonly messages: readonly unknown[] }>()(unsent, true),
  );
  live.on("$dropped", (dropped) => expectType<{ readonly messages: number }>()(dropped, true));
  live.on("$draining", (draining) => expectType<{ readonly delayMs: number }>()(draining, true));
  live.on("$degraded", (degraded) => expectType<object>()(degraded, true));
  live.on("$restored", (restored) => expectType<object>()(restored, true));

  // @ts-expect-error there is no such event
  live.on("$closed", () => {});
  // @ts-expect-error names of events have a $, so that messages can be called what they like
  live.on("open", () => {});
}

/** The function that is returned removes the listener; a signal does, too. */
export function listening(signal: AbortSignal): void {
  const remove = live.on("alert", () => {});
  expectType<() => void>()(remove, true);
  live.on("alert", () => {}, { signal });
  live.on("alert", async ({ alert }) => void alert.title);

  // @ts-expect-error there is no such option
  live.on("alert", () => {}, { once: true });
  // @ts-expect-error a controller is no signal
  live.on("alert", () => {}, { signal: new AbortController() });
  // @ts-expect-error something has to be called
  live.on("alert");
  // @ts-expect-error an event has no listeners of two arguments
  live.on("alert", (_message, _more: string) => {});
}

export async function loops(signal: AbortSignal): Promise<void> {
  for await (const message of live) expectType<NotificationsMessage>()(message, true);
  for await (const each of live.messages()) expectType<NotificationsMessage>()(each, true);
  for await (const each of live.messages({ signal, capacity: 10, lifecycle: false })) {
    expectType<NotificationsMessage>()(each, true);
  }
  for await (const each of live.messages({ lifecycle: true })) {
    expectType<NotificationsMessage | Told>()(each, true);
    switch (each.type) {
      case "alert":
        expectType<string>()(each.alert.title, true);
        break;
      case "$open":
        expectType<Opened>()(each.event, true);
        break;
      case "$state":
        expectType<ConnectionState>()(each.event, true);
        break;
      case "$unknown":
        expectType<string>()(each.raw, true);
        // @ts-expect-error it is a message by itself
        void each.event;
    }
  }
  const { value, done } = await live.messages().next();
  expectType<NotificationsMessage | undefined>()(value, true);
  expectType<boolean | undefined>()(done, true);

  // @ts-expect-error a capacity is a number
  live.messages({ capacity: "10" });
}

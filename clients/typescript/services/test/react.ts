/** What must compile and what must not, of the hooks. Nothing here runs: `npm run check` is the test. */
import type { ConnectionState } from "@wirepact/client";
import { useChannel, useChannelEvent, useConnection } from "@wirepact/client/react";
import { ChatClient, type TestRoomConnection } from "@wirepact/services/chat";
import {
  type Alert,
  type NotificationsConnection,
  type ProductConnection,
  SpcClient,
} from "@wirepact/services/spc";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function expectType<Expected>() {
  return <Actual>(_value: Actual, _same: Equal<Actual, Expected>): void => {};
}

const spc: SpcClient = new SpcClient("ws://localhost:8000");
const chat: ChatClient = new ChatClient("ws://localhost:8000");

export function Connecting(): void {
  const live = useChannel(spc, "notifications");
  expectType<NotificationsConnection | undefined>()(live, true);
  useChannel(spc, "notifications", undefined, { enabled: false, lingerMs: 0 });
  const product = useChannel(spc, "product", { id: 1 }, { enabled: live !== undefined });
  expectType<ProductConnection | undefined>()(product, true);
  const room = useChannel(chat, "testRoom", { channel_url: "1" }, { query: { user_id: 7 } });
  expectType<TestRoomConnection | undefined>()(room, true);

  // @ts-expect-error there is no such channel
  useChannel(spc, "alerts");
  // @ts-expect-error a product's id is needed
  useChannel(spc, "product");
  // @ts-expect-error a product's id is needed
  useChannel(spc, "product", undefined, { enabled: true });
  // @ts-expect-error a product's id is a number
  useChannel(spc, "product", { id: "1" });
  // @ts-expect-error notifications have no parameters
  useChannel(spc, "notifications", { id: 1 });
  // @ts-expect-error options come after the parameters
  useChannel(spc, "notifications", { enabled: false });
  // @ts-expect-error a shared connection is not one component's to close
  useChannel(spc, "notifications", undefined, { signal: AbortSignal.abort() });
  // @ts-expect-error the query says who it is
  useChannel(chat, "testRoom", { channel_url: "1" });
}

export function Listening(): void {
  const live = useChannel(spc, "notifications");
  useChannelEvent(live, "alert", (message) => expectType<Alert>()(message, true));
  useChannelEvent(live, "$resumed", ({ recovered }) => expectType<boolean>()(recovered, true));
  expectType<ConnectionState>()(useConnection(live), true);

  // @ts-expect-error there is no such message
  useChannelEvent(live, "alerted", () => {});
  // @ts-expect-error an alert has no measurement
  useChannelEvent(live, "alert", ({ measurement }) => measurement);
  // @ts-expect-error there may be no connection
  live.send({ type: "get_alerts" });
}

/** What somebody writes who has installed both packages. It compiles, and what is wrong in it is noticed. */
import { isUnknown, type Opened, RefusedError, type SocketConstructor } from "@wirepact/client";
import { useChannel, useChannelEvent } from "@wirepact/client/react";
import { type AppState, reactNativeLifecycle } from "@wirepact/client/react-native";
import { fake } from "@wirepact/client/testing";
import { type QualityAlert, RateLimited, SpcClient } from "@wirepact/services/spc";

// @ts-expect-error there is no such service
export type * from "@wirepact/services/nothing";

declare const Socket: SocketConstructor;
declare const appState: AppState;

const spc = new SpcClient({
  url: "wss://factory.test",
  webSocket: Socket,
  getToken: async ({ reason }) => reason,
  lifecycle: reactNativeLifecycle(appState),
});
const live = spc.notifications();

live.on("$open", ({ reconnected }: Opened) => reconnected);
live.on("alert", ({ alert }) => alert.title.length);
// @ts-expect-error a title is a text
live.on("alert", ({ alert }) => alert.title / 2);
// @ts-expect-error there is no such message
live.on("allert", () => {});
// @ts-expect-error product_id is missing
live.send({ type: "subscribe_product" });

export async function read(): Promise<QualityAlert[]> {
  for await (const message of live) {
    if (isUnknown(message)) continue;
    if (message.type === "alert") return [message.alert];
  }
  try {
    return (await live.request({ type: "get_alerts" })).alerts;
  } catch (error) {
    if (error instanceof RateLimited) return [];
    if (error instanceof RefusedError) throw error;
    throw error;
  }
}

export function Shown(): void {
  const product = useChannel(spc, "product", { id: 1 });
  useChannelEvent(product, "measurement", ({ measurement }) => measurement.is_within_spec);
  // @ts-expect-error an id is a number
  useChannel(spc, "product", { id: "1" });
}

export async function tested(): Promise<number> {
  const { client, server } = fake(SpcClient);
  client.notifications();
  await server.connected();
  const factory = server.channel("notifications");
  // @ts-expect-error the server does not ask for alerts
  factory.push({ type: "get_alerts" });
  return (await factory.received("subscribe_product")).product_id;
}

/**
 * A server for tests, without ports, and time that passes when it is told to: `import { fake } from "@wirepact/client/testing"`.
 *
 * What is tested is the client as it is: only its sockets, its clock and its signs of life are others.
 */
import type { Channel, ParameterValues } from "./channel.ts";
import type { Client } from "./client.ts";
import type { Connection } from "./connection.ts";
import type { LifeSign } from "./lifecycle.ts";
import { called } from "./methods.ts";
import type { ClientOptions, ConnectionOptions } from "./options.ts";
import { poolOf } from "./shared.ts";
import { type AnyChannel, Desk, type House } from "./testing/desk.ts";
import { FakeServer } from "./testing/server.ts";
import { socketsTo } from "./testing/socket.ts";
import { FakeTime } from "./testing/time.ts";

export type { AnswerTo, FakeChannel, Visitor } from "./testing/channel.ts";
export type { FakeChannelOf, FakeServer, ParametersOf } from "./testing/server.ts";
export type { FakeTime } from "./testing/time.ts";

/** What the client is made with, and what the server speaks. */
export interface FakeOptions extends Partial<
  Omit<ClientOptions, "clock" | "lifecycle" | "webSocket">
> {
  /** `wirepact.v1` unless told otherwise. */
  readonly wire?: "wirepact.v1" | "legacy";
}

/** A client and the server that it is connected to. */
export interface Faked<C extends Client> {
  readonly client: C;
  readonly server: FakeServer<C>;
  /** The client's time, and that of connections that components share. */
  readonly time: FakeTime;
  /** Gives a sign of the page's life: `tell("suspended")`. */
  readonly tell: (sign: LifeSign) => void;
}

/** A generated client: `SpcClient`. */
export type ClientClass<C extends Client> = new (options: ClientOptions) => C;

/** A client of this class, and a server that is all its own. */
export function fake<C extends Client>(
  ClientClass: ClientClass<C>,
  { wire = "wirepact.v1", ...options }: FakeOptions = {},
): Faked<C> {
  const time = new FakeTime();
  const house: House = {
    time,
    hasLines: wire === "wirepact.v1",
    isStopped: false,
    isFrozen: false,
    refusal: () => undefined,
  };
  const desks = new Map<string, Desk>();
  const deskOf: DeskOf = (channel, parameters) => {
    const { address, addressOf, name } = channel;
    const key = `${name} ${addressOf?.(channel, parameters) ?? address}`;
    const desk = desks.get(key) ?? new Desk(channel, parameters, house);
    desks.set(key, desk);
    return desk;
  };
  const listeners = new Set<(sign: LifeSign) => void>();
  const all: ClientOptions = {
    url: "ws://fake.test",
    ...options,
    clock: time,
    webSocket: socketsTo(() => {}),
    lifecycle: (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
  const client = new (connecting(ClientClass, deskOf))(all);
  const asked = new (asking(ClientClass, deskOf))(all);
  poolOf(client, time);
  return {
    client,
    server: new FakeServer(house, desks, (name, parameters) => {
      const desk: unknown = called(asked, name, parameters);
      return desk as Desk;
    }),
    time,
    tell: (sign) => {
      for (const tell of [...listeners]) tell(sign);
    },
  };
}

type DeskOf = (channel: AnyChannel, parameters: ParameterValues) => Desk;

type BaseClass = new (options: ClientOptions) => Client;

/** The class, with connections that lead to desks. */
function connecting<C extends Client>(ClientClass: ClientClass<C>, deskOf: DeskOf): ClientClass<C> {
  class Connecting extends (ClientClass as unknown as BaseClass) {
    protected override connect<
      Incoming extends object,
      Outgoing extends object,
      Replies extends object,
    >(
      channel: Channel<Incoming, Outgoing, Replies>,
      parameters: ParameterValues,
      options?: ConnectionOptions,
    ): Connection<Incoming, Outgoing, Replies> {
      const { webSocket, lives } = deskOf(channel as unknown as AnyChannel, parameters);
      const given: ConnectionOptions & Pick<ClientOptions, "webSocket"> = { ...options, webSocket };
      const live = super.connect(channel, parameters, given);
      lives.add(live);
      return live;
    }
  }
  return Connecting as unknown as ClientClass<C>;
}

/** The class, whose methods give the desk that they would connect to, and connect to nothing. */
function asking<C extends Client>(ClientClass: ClientClass<C>, deskOf: DeskOf): ClientClass<C> {
  class Asking extends (ClientClass as unknown as BaseClass) {
    protected override connect<
      Incoming extends object,
      Outgoing extends object,
      Replies extends object,
    >(
      channel: Channel<Incoming, Outgoing, Replies>,
      parameters: ParameterValues,
    ): Connection<Incoming, Outgoing, Replies> {
      const desk: unknown = deskOf(channel as unknown as AnyChannel, parameters);
      return desk as Connection<Incoming, Outgoing, Replies>;
    }
  }
  return Asking as unknown as ClientClass<C>;
}

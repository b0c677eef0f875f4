import type { Client } from "../client.ts";
import type { Connection } from "../connection.ts";
import type { Fields } from "../lines.ts";
import type { ChannelConnection, ChannelName, Given } from "../methods.ts";
import type { ConnectionState } from "../state.ts";
import type { FakeChannel, Visitor } from "./channel.ts";
import { type Desk, type House, PATIENCE } from "./desk.ts";
import type { Peer } from "./peer.ts";
import { settled } from "./time.ts";

/** How often to look at a connection that is on the way before it is called stuck, which only time can change. */
const STUCK = 50;

/** The address that a connection of this type leads to. */
export type FakeChannelOf<Live> =
  Live extends Connection<infer Incoming, infer Outgoing, infer Replies>
    ? FakeChannel<Incoming, Outgoing, Replies>
    : never;

/** The parameters that a method of the client takes, if it takes any. */
export type ParametersOf<Values extends readonly unknown[]> =
  | (2 extends Values["length"] ? [parameters: NonNullable<Values[0]>] : [])
  | (0 extends Values["length"] ? [] : never);

/** A server that is not there: it lets everybody in, and otherwise says and does what a test tells it to. */
export class FakeServer<C extends Client> {
  readonly #house: House;
  readonly #desks: ReadonlyMap<string, Desk>;
  readonly #deskOf: (name: string, parameters: object | undefined) => Desk;
  #hasLost = false;

  /** Made by `fake`. */
  constructor(
    house: House,
    desks: ReadonlyMap<string, Desk>,
    deskOf: (name: string, parameters: object | undefined) => Desk,
  ) {
    this.#house = house;
    this.#desks = desks;
    this.#deskOf = deskOf;
  }

  /** The address that this method of the client connects to, with these parameters. */
  channel<const Name extends ChannelName<C>>(
    name: Name,
    ...[parameters]: ParametersOf<Given<C, Name>>
  ): FakeChannelOf<ChannelConnection<C, Name>> {
    return this.#deskOf(name, parameters) as unknown as FakeChannelOf<ChannelConnection<C, Name>>;
  }

  /**
   * Until somebody has connected and nobody is on the way any more: every connection is open, or over. Lets pass what time that
   * takes. Rejects with an `Error` if it does not come to that.
   */
  async connected(): Promise<void> {
    for (let turn = 0; turn < PATIENCE; turn += 1) {
      await settled();
      const away = this.#lives().filter(({ status }) => status !== "open" && status !== "closed");
      if (away.length === 0 && this.#lives().length > 0) return;
      const isWaiting = away.some(({ status }) => status === "reconnecting");
      if (isWaiting || turn > STUCK) await this.#house.time.passToNext();
    }
    const states = this.#lives().map((state) => JSON.stringify(state));
    throw new Error(`not everybody is connected: ${states.join(", ") || "nobody tries to"}`);
  }

  /** `connected`, after connections were lost. Rejects with an `Error` if none was. */
  async reconnected(): Promise<void> {
    if (!this.#hasLost) throw new Error("no connection was lost; drop some first");
    await this.connected();
    this.#hasLost = false;
  }

  /** Closes all connections. 1006 is what a client sees when the network is gone. */
  drop(code = 1006, reason = ""): void {
    for (const peer of this.#peers()) {
      this.#hasLost = true;
      peer.end(code, reason);
    }
  }

  /** Tells all that it stops and how long to stay away, and closes their connections. */
  drain(delayMs: number): void {
    this.control("draining", { delay: delayMs / 1000 });
    this.drop(1001, "Server is shutting down");
  }

  /** Drops all, and is out of reach until `start`. */
  stop(): void {
    this.#house.isStopped = true;
    this.drop();
  }

  /** Is within reach again. */
  start(): void {
    this.#house.isStopped = false;
  }

  /** Hears and says nothing any more until `thaw`, as behind a cable that was cut. */
  freeze(): void {
    this.#house.isFrozen = true;
  }

  /** Hears and speaks again. */
  thaw(): void {
    this.#house.isFrozen = false;
  }

  /** Loses what it kept for those who come back. */
  forget(): void {
    for (const { history } of this.#desks.values()) history.forget();
  }

  /** Has `refuses` asked about whoever comes: it gives the code to close the connection with, or nothing to let them in. */
  admits(refuses: (visitor: Visitor) => number | undefined): void {
    this.#house.refusal = refuses;
  }

  /** Asks everybody for a new token, since theirs is about to expire. */
  expire(): void {
    this.control("expiring", { in: 30 });
  }

  /** Says a line of `wirepact.v1` to everybody: `control("degraded")`. */
  control(name: string, fields: Fields = {}): void {
    for (const peer of this.#peers()) peer.control(name, fields);
  }

  #peers(): readonly Peer[] {
    return [...this.#desks.values()].flatMap(({ peers }) => [...peers]);
  }

  #lives(): readonly ConnectionState[] {
    return [...this.#desks.values()].flatMap(({ lives }) => [...lives].map(({ state }) => state));
  }
}

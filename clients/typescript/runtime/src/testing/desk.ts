import type { Channel, Heard, ParameterValues } from "../channel.ts";
import { type Decode, decoder } from "../decoder.ts";
import { RefusedError } from "../errors.ts";
import type { Frame, SocketConstructor } from "../socket.ts";
import type { ConnectionState } from "../state.ts";
import type { FakeChannel, Visitor } from "./channel.ts";
import { History } from "./history.ts";
import { Peer, type Premises } from "./peer.ts";
import { type FakeSocket, socketsTo } from "./socket.ts";
import { type FakeTime, settled } from "./time.ts";

/** What all addresses of a server have in common, as it is now. */
export interface House {
  readonly time: FakeTime;
  readonly hasLines: boolean;
  isStopped: boolean;
  isFrozen: boolean;
  refusal: (visitor: Visitor) => number | undefined;
}

/** Messages by name, of any document. */
export type Messages = Readonly<Record<string, unknown>>;

/** A channel of any document. */
export type AnyChannel = Channel<Messages, Messages, Messages>;

/** As much of a client's connection as the server looks at. */
export interface Live {
  readonly state: ConnectionState;
}

/** How often to look whether something has happened that must, before it is called a mistake. */
export const PATIENCE = 200;

/** An address of the server from inside. */
export class Desk implements FakeChannel<Messages, Messages, Messages>, Premises {
  readonly sent: unknown[] = [];
  readonly visitors: Visitor[] = [];
  readonly lives: Set<Live> = new Set();
  readonly peers: Set<Peer> = new Set();
  readonly history: History = new History();
  /** The sockets that lead here. */
  readonly webSocket: SocketConstructor = socketsTo((socket) => this.#knocked(socket));
  readonly channel: AnyChannel;
  readonly #parameters: ParameterValues;
  readonly #house: House;
  readonly #incoming: Decode;
  readonly #outgoing: Decode;
  readonly #recovered = new Set<string>();
  readonly #answers = new Map<string, (message: unknown) => unknown>();
  readonly #unread: { readonly name: string; readonly message: unknown }[] = [];
  #greetings: readonly Frame[] = [];
  /** What waits for the first who is let in. */
  #early: unknown[] | undefined = [];

  constructor(channel: AnyChannel, parameters: ParameterValues, house: House) {
    this.channel = channel;
    this.#parameters = parameters;
    this.#house = house;
    this.#incoming = decoder(channel.incoming);
    this.#outgoing = decoder(channel.outgoing);
  }

  get time(): FakeTime {
    return this.#house.time;
  }

  get isFrozen(): boolean {
    return this.#house.isFrozen;
  }

  get connections(): number {
    return this.#present.length;
  }

  push(...messages: unknown[]): void {
    if ([...this.lives].every(({ state }) => state.status === "closed")) {
      throw new Error(`nobody is connected to ${this.#name}`);
    }
    const frames = messages.map((each) => this.#frame(each));
    if (this.#early) this.#early.push(...messages);
    else for (const frame of frames) this.#publish(frame);
  }

  raw(frame: string | Uint8Array): void {
    const said = typeof frame === "string" ? frame : new Uint8Array(frame).buffer;
    for (const peer of this.#present) peer.say(said);
  }

  greets(...messages: unknown[]): void {
    this.#greetings = messages.map((each) => this.#frame(each));
  }

  recovers(...names: string[]): void {
    for (const name of names) this.#recovered.add(name);
    for (const peer of this.#present) this.#place(peer, undefined);
  }

  answers(name: string, answer: (message: unknown) => unknown): void {
    this.#answers.set(name, answer);
  }

  async received(name: string): Promise<unknown> {
    for (let turn = 0; turn < PATIENCE; turn += 1) {
      const index = this.#unread.findIndex((each) => each.name === name);
      const [found] = index < 0 ? [] : this.#unread.splice(index, 1);
      if (found) return found.message;
      await settled();
    }
    const others = this.#unread.map((each) => each.name).join(", ") || "nothing";
    throw new Error(`${this.#name} was not sent ${name}; what it was sent: ${others}`);
  }

  drop(code = 1006, reason = ""): void {
    for (const peer of this.peers) peer.end(code, reason);
  }

  refusal(token: string, { url }: FakeSocket): number | undefined {
    const visitor = { channel: this.channel.name, parameters: this.#parameters, token, url };
    this.visitors.push(visitor);
    return this.#house.refusal(visitor);
  }

  welcomed(peer: Peer, position: string | undefined): void {
    const missed = this.#recovered.size > 0 ? this.#place(peer, position) : [];
    for (const frame of [...this.#greetings, ...missed]) peer.say(frame);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const each of early) this.#publish(this.#frame(each));
  }

  heard(peer: Peer, frame: Frame, id: string | undefined): void {
    const heard = this.#outgoing(frame);
    const { name, message } = heard;
    if (!peer.hasLines && this.#beats(peer, heard)) return;
    this.sent.push(message);
    this.#unread.push({ name, message });
    void this.#answer(peer, name, message, id);
  }

  left(peer: Peer): void {
    this.peers.delete(peer);
  }

  /** Tells somebody who was at `position`, if anywhere, where they are now. Returns what they missed. */
  #place(peer: Peer, position: string | undefined): readonly string[] {
    const { fields, missed } = this.history.placeOf(position);
    peer.control("position", fields);
    return missed;
  }

  get #name(): string {
    return `${this.channel.name} ${JSON.stringify(this.#parameters)}`;
  }

  get #present(): readonly Peer[] {
    return [...this.peers].filter(({ isWelcome }) => isWelcome);
  }

  #knocked(socket: FakeSocket): void {
    const { isStopped, isFrozen, hasLines } = this.#house;
    if (isFrozen) return;
    // As in a browser: nothing of what was offered is selected.
    const isOther = socket.protocols.length > 0 && !hasLines;
    if (isStopped || isOther) return socket.end(1006);
    const peer = new Peer(socket, this);
    this.peers.add(peer);
    peer.begin();
  }

  #publish(frame: Frame): void {
    const isKept = this.#recovered.has(this.#incoming(frame).name);
    const line = isKept ? this.history.keep(String(frame)) : frame;
    for (const peer of this.#present) peer.say(peer.hasLines ? line : frame);
  }

  /** Throws a `TypeError` for what is no message of the document. */
  #frame(message: unknown): Frame {
    const { incoming } = this.channel;
    const frame = incoming.forms?.write(incoming, message) ?? JSON.stringify(message);
    if (this.#incoming(frame).name === "$unknown") {
      throw new TypeError(`${this.#name} has no such message: ${String(frame)}`);
    }
    return frame;
  }

  async #answer(peer: Peer, name: string, message: object, id?: string): Promise<void> {
    const answer = this.#answers.get(name);
    if (!answer) return;
    try {
      const said = await answer(message);
      peer.answer(said === undefined ? undefined : this.#frame(said), id);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      peer.refuse(error, id);
    }
  }

  /** Whether it was a part of the document's heartbeat, and is seen to. */
  #beats(peer: Peer, heard: Heard): boolean {
    const { beats, heartbeat } = this.channel;
    if (!beats || !heartbeat) return false;
    if (heartbeat.by === "server") return heard.name === heartbeat.pong?.name;
    // Seen from here the client is the server.
    const pong = beats.pong({ ...heartbeat, by: "server" }, heard);
    if (pong) peer.say(pong);
    return heard.name === heartbeat.ping.name;
  }
}

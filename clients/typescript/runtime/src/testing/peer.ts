import type { RefusedError } from "../errors.ts";
import {
  type Control,
  controlIn,
  controlLine,
  type Fields,
  messageIn,
  SUBPROTOCOL,
  textIn,
} from "../lines.ts";
import { at } from "../paths.ts";
import type { Frame } from "../socket.ts";
import type { AnyChannel } from "./desk.ts";
import type { FakeSocket, SocketHost } from "./socket.ts";
import type { FakeTime } from "./time.ts";

/** What the ends of connections have in common. */
export interface Premises {
  readonly time: FakeTime;
  readonly channel: AnyChannel;
  /** Whether nothing is heard and said, although nobody has hung up. */
  readonly isFrozen: boolean;
  /** The code with which the token is refused, if it is. */
  refusal(token: string, socket: FakeSocket): number | undefined;
  /** Somebody is let in, who was at `position`, if anywhere. */
  welcomed(peer: Peer, position: string | undefined): void;
  heard(peer: Peer, frame: Frame, id: string | undefined): void;
  left(peer: Peer): void;
}

let connections = 0;

/** One connection as a server sees it, on either wire. */
export class Peer implements SocketHost {
  readonly hasLines: boolean;
  /** Whether it was let in, and hears what is said to all. */
  isWelcome = false;
  readonly #socket: FakeSocket;
  readonly #premises: Premises;
  #stopPinging: () => void = () => {};

  constructor(socket: FakeSocket, premises: Premises) {
    this.hasLines = socket.protocols.length > 0;
    this.#socket = socket;
    this.#premises = premises;
  }

  /** Lets it in. With `wirepact.v1` it is still to say hello. */
  begin(): void {
    this.#socket.accept(this.hasLines ? SUBPROTOCOL : "", this);
    if (this.hasLines || !this.#admits(this.#tokenInAddress())) return;
    this.isWelcome = true;
    this.#premises.welcomed(this, undefined);
    this.#beat();
  }

  heard(frame: Frame): void {
    if (this.#premises.isFrozen) return;
    if (!this.hasLines || typeof frame !== "string") return this.#hear(frame);
    for (const line of frame.split("\n")) {
      const control = controlIn(line);
      const [text, id] = messageIn(line);
      if (control) this.#control(control);
      else this.#hear(text, id);
    }
  }

  left(): void {
    this.#stopPinging();
    this.#premises.left(this);
  }

  /** Says a frame as it is. */
  say(frame: Frame): void {
    if (!this.#premises.isFrozen) this.#socket.say(frame);
  }

  /** Says a control line, where there are lines. */
  control(name: string, fields: Fields): void {
    if (this.hasLines) this.say(controlLine(name, fields));
  }

  /** Says a message to it alone: the answer to the request `id`, if it has one. */
  answer(frame: Frame | undefined, id: string | undefined): void {
    if (frame === undefined) this.#done(id);
    else this.say(id === undefined ? frame : `#${id} ${String(frame)}`);
  }

  /** Refuses a request, or whatever it was. */
  refuse(refused: RefusedError, id: string | undefined): void {
    const { code, text, temporary, delayMs } = refused;
    const { channel } = this.#premises;
    const told = channel.errorMessage?.(channel, refused);
    if (this.hasLines) {
      const delay = delayMs === undefined ? undefined : delayMs / 1000;
      this.control("error", { code, text, id, temporary, delay });
    } else if (told) this.say(JSON.stringify(told.message));
    else this.end(4400, text);
  }

  end(code: number, reason?: string): void {
    this.left();
    this.#socket.end(code, reason);
  }

  #done(id: string | undefined): void {
    if (id !== undefined) this.control("done", { id });
  }

  #control({ name, fields }: Control): void {
    if (name === "hello") this.#hello(fields);
    else if (name === "ping") this.say("!pong");
    else if (name === "token" && this.#admits(textIn(fields["token"]))) {
      this.control("renewed", { expires: 3600 });
    }
  }

  #hello({ token, positions }: Fields): void {
    if (!this.#admits(textIn(token) || this.#tokenInAddress())) return;
    this.isWelcome = true;
    const { contract } = this.#premises.channel;
    const connection = `fake-${(connections += 1)}`;
    this.control("welcome", { connection, heartbeat: 25, timeout: 10, contract });
    const position = at(positions, [""]);
    this.#premises.welcomed(this, typeof position === "string" ? position : undefined);
  }

  #admits(token: string): boolean {
    const code = this.#premises.refusal(token, this.#socket);
    if (code !== undefined) this.end(code);
    return code === undefined;
  }

  #tokenInAddress(): string {
    const { credentials } = this.#premises.channel;
    const name = credentials.find(({ place }) => place === "query")?.name ?? "";
    return new URL(this.#socket.url).searchParams.get(name) ?? "";
  }

  /** The heartbeat of the document, which only the legacy wire has. */
  #beat(): void {
    const { channel, time } = this.#premises;
    const { heartbeat, beats } = channel;
    if (heartbeat?.by !== "server") return;
    this.#stopPinging = time.after(heartbeat.intervalMs, () => {
      const ping = beats?.ping(heartbeat, time.now());
      if (ping) this.say(ping);
      this.#beat();
    });
  }

  #hear(frame: Frame, id?: string): void {
    this.#premises.heard(this, frame, id);
  }
}

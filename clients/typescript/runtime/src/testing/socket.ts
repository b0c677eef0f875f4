import type { Frame, Socket, SocketConstructor } from "../socket.ts";

/** Who hears what is said to the server. */
export interface SocketHost {
  heard(frame: Frame): void;
  left(): void;
}

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

type Handler = ((event: never) => void) | null;

/** A socket and its other end. What the client says arrives once the code that runs now is through, what the server says at once. */
export class FakeSocket implements Socket {
  readonly url: string;
  readonly protocols: readonly string[];
  readyState: number = CONNECTING;
  protocol = "";
  binaryType = "blob";
  onopen: Handler = null;
  onmessage: Handler = null;
  onerror: Handler = null;
  onclose: Handler = null;
  #host: SocketHost | undefined;

  constructor(url: string, protocols: readonly string[], knock: (socket: FakeSocket) => void) {
    this.url = url;
    this.protocols = protocols;
    queueMicrotask(() => this.readyState === CONNECTING && knock(this));
  }

  send(frame: Frame): void {
    queueMicrotask(() => this.#host?.heard(frame));
  }

  close(): void {
    this.readyState = CLOSED;
    queueMicrotask(() => this.#host?.left());
  }

  /** The server lets it in. */
  accept(protocol: string, host: SocketHost): void {
    this.#host = host;
    this.protocol = protocol;
    this.readyState = OPEN;
    this.onopen?.({} as never);
  }

  /** The server says something. */
  say(frame: Frame): void {
    if (this.readyState === OPEN) this.onmessage?.({ data: frame } as never);
  }

  /** The server, or the network, ends it. */
  end(code: number, reason = ""): void {
    if (this.readyState === CLOSED) return;
    this.#host = undefined;
    this.readyState = CLOSED;
    this.onclose?.({ code, reason } as never);
  }
}

/** A class of sockets that all knock at the same door. */
export function socketsTo(knock: (socket: FakeSocket) => void): SocketConstructor {
  return class extends FakeSocket {
    constructor(url: string, protocols: string[] = []) {
      super(url, protocols, knock);
    }
  };
}

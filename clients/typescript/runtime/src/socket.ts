/**
 * As much of the WebSocket standard as is used here. That of browsers, of Node 22 and of the `ws` package fit it.
 *
 * Handlers are properties, not event targets: React Native has no DOM event classes.
 */
export interface Socket {
  readonly readyState: number;
  /** What the server selected of the protocols that were offered. */
  readonly protocol?: string;
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: Frame): void;
  close(code?: number, reason?: string): void;
}

const OPEN = 1;

/** What goes over the wire: text, or bytes. */
export type Frame = string | ArrayBuffer;

/** A class of sockets: `WebSocket` itself, or the one of the `ws` package. */
export type SocketConstructor = new (url: string, protocols?: string[]) => Socket;

/** Who is told what becomes of a socket: that it is open, and with which protocol; what it received; once and last, that it was lost. */
export interface Listener {
  opened(protocol: string | undefined): void;
  heard(frame: Frame): void;
  lost(code: number, reason: string): void;
}

/** Opens a socket to `url`, which offers `protocols`. */
export function dial(
  SocketClass: SocketConstructor,
  url: string,
  protocols: string[] | undefined,
  listener: Listener,
): Socket {
  const socket = new SocketClass(url, protocols);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => listener.opened(socket.protocol);
  socket.onmessage = ({ data }: { readonly data: unknown }) => listener.heard(data as Frame);
  socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) =>
    listener.lost(code, reason);
  socket.onerror = () => {}; // tells nothing that the close after it does not; `ws` throws if nobody listens
  return socket;
}

/** Whether what is sent has a chance to arrive: a socket that is closing swallows it. */
export function isOpen(socket: Socket | undefined): socket is Socket {
  return socket?.readyState === OPEN;
}

/** Closes it; it tells nothing more. */
export function hangUp(socket: Socket | undefined, code: number | undefined): void {
  if (!socket) return;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close(code);
}

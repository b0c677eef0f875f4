/** What a connection tells, and what its messages are called in types. */
import type { Unknown } from "./decoder.ts";
import type { RefusedError } from "./errors.ts";
import type { ConnectionState } from "./state.ts";

/** The connection is open, for the first time or again: the moment to say (again) what the server should know. */
export interface Opened {
  readonly reconnected: boolean;
  /**
   * `wirepact.v1`, whose server has welcomed this client; or nothing where the legacy wire is spoken. There a server that refuses lets
   * in first, to say why: that the socket is open is all that is known.
   */
  readonly protocol: string;
  /** The server's name for this connection, in its logs. */
  readonly connection: string;
  /** Whether the server was made from the same document, as far as it says. */
  readonly isSameContract: boolean;
}

/**
 * The connection was lost and is back. If not everything of what `audience` was sent meanwhile is `recovered`, load anew what is
 * shown of it. What was missed and recovered comes next, as messages.
 *
 * The audience is empty for all at the address, otherwise `group=key`, `~user` or `~role=…`.
 */
export interface Resumed {
  readonly audience: string;
  readonly recovered: boolean;
}

/** What a connection tells besides messages. */
export interface LifecycleEvents {
  readonly $open: Opened;
  readonly $state: ConnectionState;
  readonly $unknown: Unknown;
  readonly $resumed: Resumed;
  /** Something that was sent, and was no request, is refused; where the document has an error message, that is heard, too. */
  readonly $refused: RefusedError;
  /** Messages that waited for the connection for longer than they may, or are too large for this server. They were not sent. */
  readonly $unsent: { readonly messages: readonly unknown[] };
  /** So many messages were left out, because this side took less than it was sent and the document allows that. */
  readonly $dropped: { readonly messages: number };
  /** The server can't hear the others: what they publish may be late, and is not lost. */
  readonly $degraded: object;
  /** It hears them again, and has sent what was late. */
  readonly $restored: object;
  /** The server is about to stop; the connection comes back by itself, so long after it was closed. */
  readonly $draining: { readonly delayMs: number };
}

/** What a loop over messages gets besides them, if it asks for that; unknown messages are messages. */
export type Told = {
  readonly [Name in Exclude<keyof LifecycleEvents, "$unknown">]: {
    readonly type: Name;
    readonly event: LifecycleEvents[Name];
  };
}[Exclude<keyof LifecycleEvents, "$unknown">];

/** Everything that can be listened for: the messages by name, and what the connection itself tells. */
export type Events<Incoming extends object> = Incoming & LifecycleEvents;

/** Any message that can arrive. */
export type MessageOf<Incoming extends object> = Incoming[keyof Incoming] | Unknown;

/** What a request is answered with: what the document says, otherwise anything that can arrive, or nothing. */
export type ReplyTo<
  Message,
  Incoming extends object,
  Outgoing extends object,
  Replies extends object,
> = {
  [Name in keyof Outgoing]: Message extends Outgoing[Name]
    ? Name extends keyof Replies
      ? Replies[Name]
      : MessageOf<Incoming> | undefined
    : never;
}[keyof Outgoing];

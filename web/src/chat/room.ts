/** What the page knows of one channel. Knows no DOM and no socket. */
import type {
  File,
  Image,
  KeptMessage,
  Member,
  Read,
  SharedFile,
  Text,
  Typing,
  UserJoined,
  UserLeft,
} from "@wirepact/services/chat";

export const MAX_LINES = 300;

/** For how long somebody counts as writing who does not say so again. */
export const WRITING_MS = 6_000;

/** One line of the chat: something that was said, or that somebody came or went. */
export interface Line {
  readonly key: string;
  readonly kind: "said" | "joined" | "left";
  readonly user: number;
  readonly text: string;
  readonly file: SharedFile | undefined;
  /** A time without a zone, in UTC; empty where there is none. */
  readonly at: string;
}

/** A line as it is shown. */
export interface Entry {
  readonly line: Line;
  /** How many others have read it. */
  readonly readers: number;
}

/** What is shown of a channel: it does not change any more. */
export interface Shown {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** How many are in the channel. */
  readonly members: number;
  /** Who is writing, but for whoever looks. */
  readonly writers: readonly number[];
}

type Said = Pick<KeptMessage, "user_id" | "message" | "file" | "timestamp">;

export class Room {
  /** Oldest first. */
  lines: readonly Line[] = [];
  readonly #readUntil = new Map<number, string>();
  readonly #writingUntil = new Map<number, number>();
  #arrived = 0;

  /** Takes in what is kept, newest first, and the members. What is there already stays where it is. */
  load(kept: readonly KeptMessage[], members: readonly Member[]): void {
    const known = new Set(this.lines.map(({ key }) => key));
    const missing = kept.map(lineOf).filter(({ key }) => !known.has(key));
    this.lines = [...this.lines, ...missing.reverse()].slice(-MAX_LINES);
    for (const { user_id, read_until } of members) this.#readUntil.set(user_id, read_until ?? "");
  }

  said(message: Text | File | Image): void {
    this.#writingUntil.delete(message.user_id);
    const line = lineOf(message);
    if (!this.lines.some(({ key }) => key === line.key)) this.#add(line);
  }

  joined({ user_id, timestamp }: UserJoined): void {
    this.#add(this.#event("joined", user_id, timestamp));
  }

  left({ user_id }: UserLeft): void {
    this.#writingUntil.delete(user_id);
    this.#add(this.#event("left", user_id, ""));
  }

  read({ user_id, timestamp }: Read): void {
    this.#readUntil.set(user_id, timestamp);
  }

  typing({ user_id, is_typing }: Typing, now: number): void {
    if (is_typing) this.#writingUntil.set(user_id, now + WRITING_MS);
    else this.#writingUntil.delete(user_id);
  }

  /** Who is writing, but for `self`. */
  writers(self: number | undefined, now: number): readonly number[] {
    return [...this.#writingUntil]
      .filter(([user, until]) => user !== self && until > now)
      .map(([user]) => user);
  }

  /** How many others have read a line. */
  readers({ user, at }: Line): number {
    return [...this.#readUntil].filter(([reader, until]) => reader !== user && until >= at).length;
  }

  /** What there is to show to `self` at `now`. */
  show(self: number | undefined, now: number): Shown {
    return {
      entries: this.lines.map((line) => ({ line, readers: this.readers(line) })),
      members: this.#readUntil.size,
      writers: this.writers(self, now),
    };
  }

  #event(kind: "joined" | "left", user: number, at: string): Line {
    this.#arrived += 1;
    return { key: `${kind} ${this.#arrived}`, kind, user, text: "", file: undefined, at };
  }

  #add(line: Line): void {
    this.lines = [...this.lines, line].slice(-MAX_LINES);
  }
}

/** What is told and what is kept have the author and the time in common. */
function lineOf({ user_id, message, file, timestamp }: Said): Line {
  const key = `said ${user_id} ${timestamp} ${message}`;
  return { key, kind: "said", user: user_id, text: message, file, at: timestamp };
}

/** Connections that several parts of a page use at once: made for the first, closed some time after the last has left. */
import type { Client } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Opened } from "./events.ts";
import { isObject } from "./paths.ts";
import type { ConnectionState } from "./state.ts";

/** As much of a connection as is needed to share it. */
export interface Shareable {
  readonly state: ConnectionState;
  on(name: "$open", listener: (opened: Opened) => void): () => void;
  close(): readonly unknown[];
}

/**
 * Who uses a connection. `onChange` is called when there is another in its place, `onUnsent` of the last who left with what it was
 * closed with and had not sent.
 */
export interface User {
  readonly make: () => Shareable;
  readonly lingerMs: number;
  readonly onChange: () => void;
  readonly onUnsent: (messages: readonly unknown[]) => void;
}

interface Place {
  live: Shareable;
  readonly users: Set<User>;
  stopLingering: () => void;
}

const pools = new WeakMap<Client, Pool>();
const openings = new WeakMap<Shareable, Opened>();

/** The shared connections of a client. Who asks first may say what clock they linger by. */
export function poolOf(client: Client, clock: Clock = systemClock): Pool {
  const pool = pools.get(client) ?? new Pool(clock);
  pools.set(client, pool);
  return pool;
}

/** What a shared connection that is open told with `$open`: for those who came later. */
export function openingOf(live: Shareable): Opened | undefined {
  return live.state.status === "open" ? openings.get(live) : undefined;
}

/** The same text for values that mean the same, in whatever order their fields stand. */
export function keyOf(...values: unknown[]): string {
  return JSON.stringify(values, (_, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
}

/** Keeps connections under the names of what they were made of. */
export class Pool {
  readonly #places = new Map<string, Place>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(key: string): Shareable | undefined {
    return this.#places.get(key)?.live;
  }

  /** Uses the connection of `key` until the returned function is called. Where that is over, all who use it get a new one. */
  join(key: string, user: User): () => void {
    const place = this.#placeOf(key, user);
    place.stopLingering();
    place.users.add(user);
    return () => {
      if (place.users.delete(user) && place.users.size === 0) {
        place.stopLingering = this.#clock.after(user.lingerMs, () => this.#leave(key, place, user));
      }
    };
  }

  #placeOf(key: string, { make }: User): Place {
    const found = this.#places.get(key);
    if (!found) {
      const place = { live: begun(make), users: new Set<User>(), stopLingering: () => {} };
      this.#places.set(key, place);
      return place;
    }
    if (found.live.state.status === "closed") {
      found.live = begun(make);
      for (const { onChange } of found.users) onChange();
    }
    return found;
  }

  #leave(key: string, { live }: Place, { onUnsent }: User): void {
    this.#places.delete(key);
    const unsent = live.close();
    if (unsent.length > 0) onUnsent(unsent);
  }
}

function begun(make: () => Shareable): Shareable {
  const live = make();
  live.on("$open", (opened) => openings.set(live, opened));
  return live;
}

"use client";
/**
 * Hooks for React 18 and newer: `import { useChannel, useChannelEvent, useConnection } from "@wirepact/client/react"`.
 *
 * Nothing is connected while rendering, so that the server renders what a page shows before it is connected.
 */
import { useCallback, useEffect, useInsertionEffect, useRef, useSyncExternalStore } from "react";

import type { Client } from "./client.ts";
import type { Connection } from "./connection.ts";
import type { Events } from "./events.ts";
import { called, type ChannelConnection, type ChannelName, type Given } from "./methods.ts";
import { keyOf, openingOf, poolOf } from "./shared.ts";
import type { ConnectionState } from "./state.ts";

export type { ChannelConnection, ChannelName };

/** How a component uses a channel, beside what the channel's method of the client takes. */
export interface Sharing {
  /** Whether to be connected. It is so unless told otherwise. */
  readonly enabled?: boolean;
  /** How long the connection is kept after the last component that uses it is gone; a second unless told otherwise. */
  readonly lingerMs?: number;
  /** Given what waited and was not sent, if this component was the last that used the connection. */
  readonly onUnsent?: (messages: readonly unknown[]) => void;
}

/** What `useChannel` takes after the method's name: parameters, or `undefined` for a channel that has none, and options. */
export type ChannelArguments<C extends Client, Name extends ChannelName<C>> = ArgumentsOf<
  Given<C, Name>
>;

type ArgumentsOf<Values extends readonly unknown[]> =
  | (2 extends Values["length"]
      ? [parameters: NonNullable<Values[0]>, ...options: OptionsOf<Values[1]>]
      : [parameters: undefined, ...options: OptionsOf<Values[0]>])
  | (0 extends Values["length"] ? [] : never);

type OptionsOf<Options> = undefined extends Options
  ? [options?: Sharing & Omit<NonNullable<Options>, "signal">]
  : [options: Sharing & Omit<Options, "signal">];

/**
 * A connection to a channel, `undefined` while there is none: when rendered for the first time, on the server, and while not
 * `enabled`. All components that name the same channel of the same client with the same parameters share one, which outlives the
 * last of them for `lingerMs`. A component that comes when the connection is over has a new one made, for all.
 *
 * The client is made once, outside of components. Throws, in an effect, what the client's method throws.
 */
export function useChannel<C extends Client, const Name extends ChannelName<C>>(
  client: C,
  name: Name,
  ...given: ChannelArguments<C, Name>
): ChannelConnection<C, Name> | undefined {
  const [parameters, { enabled = true, lingerMs = 1000, onUnsent, ...options } = {}] =
    given as readonly [object?, Sharing?];
  const pool = poolOf(client);
  const key = enabled ? keyOf(name, parameters, options) : undefined;
  const latest = useLatest({ make: () => called(client, name, parameters, options), onUnsent });
  const join = useCallback(
    (onChange: () => void) => {
      if (key === undefined) return () => {};
      return pool.join(key, {
        make: () => latest.current.make(),
        lingerMs,
        onChange,
        onUnsent: (messages) => latest.current.onUnsent?.(messages),
      });
    },
    [pool, key, latest, lingerMs],
  );
  return useSyncExternalStore(
    join,
    () => (key === undefined ? undefined : pool.get(key)),
    () => undefined,
  ) as ChannelConnection<C, Name> | undefined;
}

/**
 * Calls `listener`, as it is at the time, for each such message or event of a connection. Who listens for `$open` and came when a
 * shared connection was open already is told at once.
 */
export function useChannelEvent<
  Incoming extends object,
  Outgoing extends object,
  Replies extends object,
  Name extends keyof Events<Incoming> & string,
>(
  live: Connection<Incoming, Outgoing, Replies> | undefined,
  name: Name,
  listener: (event: Events<Incoming>[Name]) => void,
): void {
  const latest = useLatest(listener);
  useEffect(() => {
    const stop = live?.on(name, (event) => latest.current(event));
    const opening = live && name === "$open" ? openingOf(live) : undefined;
    if (opening) latest.current(opening as Events<Incoming>[Name]);
    return stop;
  }, [live, name, latest]);
}

const IDLE: ConnectionState = { status: "idle" };

/** Where a connection is: `idle` while there is none. Renders again when that changes. */
export function useConnection(
  live:
    | { readonly state: ConnectionState; on(name: "$state", listener: () => void): () => void }
    | undefined,
): ConnectionState {
  const subscribe = useCallback(
    (onChange: () => void) => live?.on("$state", onChange) ?? (() => {}),
    [live],
  );
  return useSyncExternalStore(
    subscribe,
    () => live?.state ?? IDLE,
    () => IDLE,
  );
}

/** What was rendered last, for what is called later. */
function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}

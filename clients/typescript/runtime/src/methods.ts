/** The methods of generated clients, one a channel, for what is the same for all of them. */
import type { Client } from "./client.ts";
import type { Shareable } from "./shared.ts";

type Method = (...given: never[]) => Shareable;

/** The methods of a generated client that connect to a channel. */
export type ChannelName<C extends Client> = {
  [Name in keyof C]: C[Name] extends Method ? Name : never;
}[keyof C] &
  string;

/** What such a method gives. */
export type ChannelConnection<C extends Client, Name extends ChannelName<C>> = ReturnType<
  Extract<C[Name], Method>
>;

/** What such a method takes: parameters, if the channel has any, and options. */
export type Given<C extends Client, Name extends ChannelName<C>> = Parameters<
  Extract<C[Name], Method>
>;

/** What the method gives. A channel without parameters takes its options first. */
export function called<Name extends string>(
  client: Client,
  name: Name,
  parameters?: object,
  options?: object,
): Shareable {
  const methods = client as unknown as Record<Name, (...given: unknown[]) => Shareable>;
  return parameters ? methods[name](parameters, options) : methods[name](options);
}

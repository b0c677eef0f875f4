import { webSocketBase } from "./address.ts";
import type { Channel, ParameterValues } from "./channel.ts";
import { Connection } from "./connection.ts";
import type { ClientOptions, ConnectionOptions } from "./options.ts";

/** What every generated client is: the options, and a way to open the channels that the document knows. */
export class Client {
  readonly #options: ClientOptions;
  /** A name for logs, the same for as long as the program or the page lives. */
  readonly #session = Math.random().toString(36).slice(2);

  /** A URL alone is all that is needed. Throws a `TypeError` when it is none that a service can have. */
  constructor(options: string | URL | ClientOptions) {
    this.#options = typeof options === "object" && "url" in options ? options : { url: options };
    webSocketBase(this.#options.url);
  }

  protected connect<Incoming extends object, Outgoing extends object, Replies extends object>(
    channel: Channel<Incoming, Outgoing, Replies>,
    parameters: ParameterValues,
    options: ConnectionOptions & { readonly query?: object } = {},
  ): Connection<Incoming, Outgoing, Replies> {
    return new Connection(channel, parameters, { ...this.#options, ...options }, this.#session);
  }
}

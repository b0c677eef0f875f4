import { webSocketBase } from "./address.ts";
import type { Channel, ParameterValues } from "./channel.ts";
import { Connection, newSession } from "./connection.ts";
import type { ClientOptions, ConnectionOptions } from "./options.ts";

/** What every generated client is: the options, and a way to open the channels that the document knows. */
export class Client {
  readonly #options: ClientOptions;
  readonly #session = newSession();

  /** Throws a `TypeError` when `url` is none, or when there is no WebSocket to use. A URL alone is all that is needed. */
  constructor(urlOrOptions: string | URL | ClientOptions) {
    const options =
      typeof urlOrOptions === "string" || urlOrOptions instanceof URL
        ? { url: urlOrOptions }
        : urlOrOptions;
    webSocketBase(options.url);
    if (options.webSocket === undefined && typeof WebSocket === "undefined") {
      throw new TypeError(
        'there is no WebSocket on this platform; give one: { webSocket } from the "ws" package',
      );
    }
    this.#options = options;
  }

  protected connect<Incoming extends object, Outgoing extends object, Replies extends object>(
    channel: Channel<Incoming, Outgoing, Replies>,
    parameters: ParameterValues,
    options: ConnectionOptions & { readonly query?: object } = {},
  ): Connection<Incoming, Outgoing, Replies> {
    return new Connection(channel, parameters, { ...this.#options, ...options }, this.#session);
  }
}

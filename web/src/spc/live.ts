/** From the connection to the board, and from what the user chooses to the connection. */
import { type ConnectionState, NotOpenError } from "@wirepact/client";
import { SpcClient, type NotificationsConnection, type QualityAlert } from "@wirepact/services/spc";

import { sentence } from "../api.ts";
import { productsAfter, productWith } from "./api.ts";
import { type Board, MAX_SUBSCRIPTIONS } from "./board.ts";

const RECENT_ALERTS = 50;
const MINIMUM_MS_BETWEEN_REFRESHES = 5_000;

/** What is told to whoever draws the board. */
export interface Told {
  connected(state: ConnectionState): void;
  notice(text: string): void;
  changed(): void;
  alerted(alerts: readonly QualityAlert[]): void;
}

export class Live {
  readonly #board: Board;
  readonly #token: string;
  readonly #told: Told;
  readonly #connection: NotificationsConnection;
  #refreshedAt = 0;

  /** Connected until `signal` is aborted. */
  constructor(board: Board, token: string, told: Told, signal: AbortSignal) {
    this.#board = board;
    this.#token = token;
    this.#told = told;
    const spc = new SpcClient({ url: location.origin, ...(token && { getToken: () => token }) });
    this.#connection = spc.notifications({ signal });
    this.#listen();
  }

  /** Shows another product. */
  select(product: number): void {
    this.#board.selected = product;
    this.#told.changed();
    void this.#refresh(product);
  }

  /** Subscribes to a product, or no longer. */
  toggle(product: number): void {
    const { subscribed } = this.#board;
    const isOn = !subscribed.has(product);
    if (isOn && subscribed.size >= MAX_SUBSCRIPTIONS) {
      this.#told.notice(
        `Live values of at most ${MAX_SUBSCRIPTIONS} products at once: switch one off first.`,
      );
      return;
    }
    if (isOn) subscribed.add(product);
    else subscribed.delete(product);
    this.#sayIfOpen(isOn, product);
    this.select(product);
  }

  /** Loads the next page of products; the first, to begin with. */
  async loadProducts(): Promise<void> {
    try {
      const { products, next } = await productsAfter(this.#board.moreAfter ?? 0, this.#token);
      this.#board.addProducts(products);
      this.#board.moreAfter = next;
      this.#board.areProductsLoaded = true;
      this.#told.changed();
    } catch (error) {
      this.#told.notice(`The products could not be loaded. ${sentence(error)}`);
    }
  }

  #listen(): void {
    const live = this.#connection;
    const board = this.#board;
    live.on("$state", (state) => this.#told.connected(state));
    live.on("connection", () => this.#greeted());
    live.on("alert", ({ alert }) =>
      this.#change(() => this.#told.alerted(board.addAlerts([alert]))),
    );
    live.on("alerts", ({ alerts }) => this.#change(() => board.addAlerts(alerts)));
    live.on("measurement", ({ measurement }) => {
      this.#change(() => board.addValue(measurement));
      this.#refreshIfStale(measurement.product_id);
    });
    live.on("capability", ({ capability }) => this.#change(() => board.setCapability(capability)));
    live.on("run_rule_violation", (message) =>
      this.#change(() => board.addViolation(message.run_rule_violation)),
    );
    live.on("error", ({ message }) => this.#told.notice(`The server says: ${message}`));
  }

  /**
   * Says what the server should know, at first and after each reconnect: not to an open socket, which may be that of a
   * server that only tells us to go, but when it has let us in.
   */
  #greeted(): void {
    this.#told.notice("");
    this.#connection.send({ type: "get_alerts", limit: RECENT_ALERTS });
    for (const product of this.#board.subscribed) {
      this.#connection.send({ type: "subscribe_product", product_id: product });
    }
    if (!this.#board.areProductsLoaded) void this.loadProducts();
    else if (this.#board.selected !== undefined) void this.#refresh(this.#board.selected);
  }

  /** While it is not open nothing is said: the greeting brings what holds then. */
  #sayIfOpen(isOn: boolean, product: number): void {
    const type = isOn ? "subscribe_product" : "unsubscribe_product";
    try {
      this.#connection.send({ type, product_id: product });
    } catch (error) {
      if (!(error instanceof NotOpenError)) throw error;
    }
  }

  #refreshIfStale(product: number): void {
    if (product !== this.#board.selected) return;
    if (performance.now() - this.#refreshedAt < MINIMUM_MS_BETWEEN_REFRESHES) return;
    void this.#refresh(product);
  }

  /** Control limits come with the first subgroups, and move with later ones. */
  async #refresh(id: number): Promise<void> {
    this.#refreshedAt = performance.now();
    const product = await productWith(id, this.#token).catch(() => undefined);
    if (product !== undefined) this.#change(() => this.#board.addProducts([product]));
  }

  #change(change: () => void): void {
    change();
    this.#told.changed();
  }
}

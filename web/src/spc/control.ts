/** What the user chooses and what the server should know, said to the server; and what it has over HTTP, brought to the board. */
import { NotOpenError } from "@wirepact/client";
import type { NotificationsConnection } from "@wirepact/services/spc";

import { sentence } from "../api.ts";
import type { Site } from "../site.ts";
import { productsAfter, productWith } from "./api.ts";
import { type Board, MAX_SUBSCRIPTIONS } from "./board.ts";

const RECENT_ALERTS = 50;
const MINIMUM_MS_BETWEEN_REFRESHES = 5_000;

export class Control {
  readonly #board: Board;
  readonly #live: NotificationsConnection | undefined;
  readonly #site: Site;
  readonly #changed: () => void;
  #refreshedAt = 0;

  constructor(
    board: Board,
    live: NotificationsConnection | undefined,
    site: Site,
    changed: () => void,
  ) {
    this.#board = board;
    this.#live = live;
    this.#site = site;
    this.#changed = changed;
  }

  /** Changes the board, and has it drawn. */
  change(change: (board: Board) => void): void {
    change(this.#board);
    this.#changed();
  }

  /** Shows another product. */
  readonly select = (product: number): void => {
    this.change((board) => (board.selected = product));
    void this.#refresh(product);
  };

  /** Subscribes to a product, or no longer. */
  readonly toggle = (product: number): void => {
    const { subscribed } = this.#board;
    const isOn = !subscribed.has(product);
    if (isOn && subscribed.size >= MAX_SUBSCRIPTIONS) {
      this.#site.notice(
        `Live values of at most ${MAX_SUBSCRIPTIONS} products at once: switch one off first.`,
      );
      return;
    }
    if (isOn) subscribed.add(product);
    else subscribed.delete(product);
    this.#sayIfOpen(isOn, product);
    this.select(product);
  };

  /** Loads the next page of products; the first, to begin with. */
  readonly loadProducts = async (): Promise<void> => {
    try {
      const { products, next } = await productsAfter(this.#board.moreAfter ?? 0, this.#site.token);
      this.change((board) => {
        board.addProducts(products);
        board.moreAfter = next;
        board.areProductsLoaded = true;
      });
    } catch (error) {
      this.#site.notice(`The products could not be loaded. ${sentence(error)}`);
    }
  };

  /**
   * Says what the server should know, at first and after each reconnect: not to an open socket, which may be that of a
   * server that only tells us to go, but when it has let us in.
   */
  greeted(): void {
    this.#site.notice("");
    this.#live?.send({ type: "get_alerts", limit: RECENT_ALERTS });
    for (const product of this.#board.subscribed) {
      this.#live?.send({ type: "subscribe_product", product_id: product });
    }
    if (!this.#board.areProductsLoaded) void this.loadProducts();
    else if (this.#board.selected !== undefined) void this.#refresh(this.#board.selected);
  }

  /** Control limits come with the first subgroups, and move with later ones. */
  refreshIfStale(product: number): void {
    if (product !== this.#board.selected) return;
    if (performance.now() - this.#refreshedAt < MINIMUM_MS_BETWEEN_REFRESHES) return;
    void this.#refresh(product);
  }

  /** While it is not open nothing is said: the greeting brings what holds then. */
  #sayIfOpen(isOn: boolean, product: number): void {
    const type = isOn ? "subscribe_product" : "unsubscribe_product";
    try {
      this.#live?.send({ type, product_id: product });
    } catch (error) {
      if (!(error instanceof NotOpenError)) throw error;
    }
  }

  async #refresh(id: number): Promise<void> {
    this.#refreshedAt = performance.now();
    const product = await productWith(id, this.#site.token).catch(() => undefined);
    if (product !== undefined) this.change((board) => board.addProducts([product]));
  }
}

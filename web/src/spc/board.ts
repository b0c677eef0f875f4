/**
 * What the page knows. Every list is bounded, so that a page which stays open for weeks stays as it is.
 *
 * Knows no DOM and no socket; whoever changes it asks for what it shows to be drawn anew.
 */
import type {
  CapabilityAnalysis,
  MeasuredValue,
  Product,
  QualityAlert,
  RuleViolation,
} from "@wirepact/services/spc";

export const MAX_ALERTS = 100;
export const MAX_VALUES = 300;
export const MAX_VIOLATIONS = 50;
export const MAX_TRACKS = 24;

/** The server takes 20 messages a second, and all of these are said in one go after a reconnect. */
export const MAX_SUBSCRIPTIONS = 12;

/** What was heard about one product, since the page subscribed to it. */
export interface Track {
  /** By sample number, the highest last. */
  readonly values: readonly MeasuredValue[];
  readonly capability: CapabilityAnalysis | undefined;
}

/** What is shown of a board: it does not change any more. */
export interface Shown {
  readonly products: readonly Product[];
  readonly areProductsLoaded: boolean;
  readonly hasMoreProducts: boolean;
  readonly product: Product | undefined;
  readonly track: Track;
  readonly subscribed: ReadonlySet<number>;
  readonly alerts: readonly QualityAlert[];
  /** Those among them that came since the board was shown last, newest first. */
  readonly arrived: readonly QualityAlert[];
  readonly violations: readonly RuleViolation[];
}

const EMPTY: Track = { values: [], capability: undefined };

const NONE: readonly QualityAlert[] = [];

export class Board {
  /** By id, as the server lists them. */
  products: readonly Product[] = [];
  /** Where the next page of products starts; `undefined` when all are here. */
  moreAfter: number | undefined;
  areProductsLoaded = false;
  selected: number | undefined;
  /** Newest first. */
  alerts: readonly QualityAlert[] = [];
  /** Newest first. */
  violations: readonly RuleViolation[] = [];
  readonly subscribed = new Set<number>();
  readonly #tracks = new Map<number, Track>();
  #arrived: readonly QualityAlert[] = NONE;

  get product(): Product | undefined {
    return this.products.find(({ id }) => id === this.selected);
  }

  track(product: number | undefined): Track {
    return (product !== undefined && this.#tracks.get(product)) || EMPTY;
  }

  /** Takes in a page of products, or one of them anew. The first product that is ever known is chosen. */
  addProducts(products: readonly Product[]): void {
    const byId = new Map([...this.products, ...products].map((each) => [each.id, each]));
    this.products = [...byId.values()].sort((a, b) => a.id - b.id);
    this.selected ??= this.products[0]?.id;
  }

  /** Takes in alerts, known ones among them. Returns those that are new. */
  addAlerts(alerts: readonly QualityAlert[]): readonly QualityAlert[] {
    const known = new Set(this.alerts.map(({ id }) => id));
    const oldest = this.alerts.length < MAX_ALERTS ? 0 : (this.alerts.at(-1)?.id ?? 0);
    const added = alerts.filter(({ id }) => id > oldest && !known.has(id));
    this.alerts = [...this.alerts, ...added].sort((a, b) => b.id - a.id).slice(0, MAX_ALERTS);
    return added;
  }

  /** Takes in an alert that is told as it happens, which is worth saying so. */
  hearAlert(alert: QualityAlert): void {
    this.#arrived = [...this.addAlerts([alert]), ...this.#arrived].slice(0, MAX_ALERTS);
  }

  addValue(value: MeasuredValue): void {
    const track = this.track(value.product_id);
    if (track.values.some(({ id }) => id === value.id)) return;
    const values = [...track.values, value].sort((a, b) => a.sample_number - b.sample_number);
    this.#keep(value.product_id, { ...track, values: values.slice(-MAX_VALUES) });
  }

  setCapability(capability: CapabilityAnalysis): void {
    this.#keep(capability.product_id, { ...this.track(capability.product_id), capability });
  }

  addViolation(violation: RuleViolation): void {
    this.violations = [violation, ...this.violations].slice(0, MAX_VIOLATIONS);
  }

  /** What there is to show. Alerts have arrived once. */
  show(): Shown {
    const { products, areProductsLoaded, product, alerts, violations } = this;
    const arrived = this.#arrived;
    this.#arrived = NONE;
    return {
      products,
      areProductsLoaded,
      hasMoreProducts: this.moreAfter !== undefined,
      product,
      track: this.track(this.selected),
      subscribed: new Set(this.subscribed),
      alerts,
      arrived,
      violations,
    };
  }

  #keep(product: number, track: Track): void {
    this.#tracks.delete(product);
    this.#tracks.set(product, track);
    for (const oldest of this.#tracks.keys()) {
      if (this.#tracks.size <= MAX_TRACKS) break;
      this.#tracks.delete(oldest);
    }
  }
}

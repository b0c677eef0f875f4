/** What the page knows of the hospital. Knows no DOM and no socket. */
import type {
  AiInferenceFailure,
  AiInferenceResult,
  OfflineUser,
  OnlineUser,
  Order,
  PermissionGranted,
  PermissionRevoked,
  PresenceSnapshot,
  RoleChanged,
  UserOffline,
  UserOnline,
} from "@wirepact/services/clinic";

export const MAX_ORDERS = 200;
export const MAX_JOBS = 50;
export const MAX_CHANGES = 50;
export const MAX_PEOPLE = 500;

/** Orders that are over are shown for a while, the latest of them. */
export const SHOWN_OVER = 10;

export type Change = (PermissionGranted | PermissionRevoked | RoleChanged) & {
  readonly number: number;
};

export type Job = AiInferenceResult | AiInferenceFailure;

export interface Person extends OnlineUser {
  /** When they were here last; absent while they are here. */
  readonly lastSeen?: string;
}

/** A change, and what the user whom it is about is called. */
export interface Told {
  readonly change: Change;
  readonly who: string;
}

/** What is shown of a hospital: it does not change any more. */
export interface Shown {
  /** Those that are open, oldest first, and then the latest of those that are over. */
  readonly orders: readonly Order[];
  /** How many are open. */
  readonly open: number;
  /** Those who are here, and then those who were. */
  readonly people: readonly Person[];
  /** How many are here. */
  readonly online: number;
  /** Newest first. */
  readonly jobs: readonly Job[];
  /** Newest first, of everybody. */
  readonly changes: readonly Told[];
  /** Newest first, of who looks at the page. */
  readonly ownChanges: readonly Told[];
}

export class Hospital {
  /** Newest first. */
  jobs: readonly Job[] = [];
  /** Newest first, of everybody. */
  changes: readonly Change[] = [];
  /** Newest first, of who looks at the page. */
  ownChanges: readonly Change[] = [];
  readonly #people = new Map<string, Person>();
  readonly #orders = new Map<string, Order>();
  #heard = 0;

  /** Those who are here first, then those who were here last. */
  get people(): readonly Person[] {
    return [...this.#people.values()].sort(
      (a, b) =>
        (b.lastSeen ?? "9").localeCompare(a.lastSeen ?? "9") ||
        a.user_name.localeCompare(b.user_name),
    );
  }

  /** What a user is called, if that is known. */
  nameOf(user: string): string {
    return this.#people.get(user)?.user_name || user;
  }

  /** Those that are open, oldest first, and then the latest of those that are over. */
  get orders(): readonly Order[] {
    const all = [...this.#orders.values()];
    const open = all.filter((each) => !isOver(each));
    const over = all.filter(isOver).sort((a, b) => b.updated_at.localeCompare(a.updated_at));
    const oldestFirst = open.sort((a, b) => a.created_at.localeCompare(b.created_at));
    return [...oldestFirst, ...over.slice(0, SHOWN_OVER)];
  }

  showPeople({ online, offline }: PresenceSnapshot): void {
    this.#people.clear();
    for (const each of online) this.online(each);
    for (const each of offline) this.offline(each);
  }

  online({ user_id, user_name }: UserOnline | OnlineUser): void {
    this.#keepPerson({ user_id, user_name });
  }

  offline({ user_id, user_name, last_seen }: UserOffline | OfflineUser): void {
    this.#keepPerson({ user_id, user_name, lastSeen: last_seen });
  }

  /** All that are open; of what is over nothing is known any more. */
  showOrders(orders: readonly Order[]): void {
    this.#orders.clear();
    for (const each of orders) this.order(each);
  }

  /** An order as it is now, unless a newer state of it is known. */
  order(order: Order): void {
    const known = this.#orders.get(order.order_id);
    if (known !== undefined && known.revision >= order.revision) return;
    this.#orders.delete(order.order_id);
    this.#orders.set(order.order_id, order);
    for (const [oldest] of this.#orders) {
      if (this.#orders.size <= MAX_ORDERS) break;
      this.#orders.delete(oldest);
    }
  }

  job(job: Job): void {
    const others = this.jobs.filter(({ job_id }) => job_id !== job.job_id);
    this.jobs = [job, ...others].slice(0, MAX_JOBS);
  }

  changed(change: PermissionGranted | PermissionRevoked | RoleChanged): void {
    this.changes = this.#with(change, this.changes);
  }

  ownChanged(change: PermissionGranted | PermissionRevoked | RoleChanged): void {
    this.ownChanges = this.#with(change, this.ownChanges);
  }

  /** What there is to show. */
  show(): Shown {
    const { orders, people, jobs } = this;
    return {
      orders,
      open: orders.filter((each) => !isOver(each)).length,
      people,
      online: people.filter(({ lastSeen }) => lastSeen === undefined).length,
      jobs,
      changes: this.changes.map((change) => ({ change, who: this.nameOf(change.user_id) })),
      ownChanges: this.ownChanges.map((change) => ({ change, who: "You" })),
    };
  }

  #with(
    change: PermissionGranted | PermissionRevoked | RoleChanged,
    changes: readonly Change[],
  ): readonly Change[] {
    this.#heard += 1;
    return [{ ...change, number: this.#heard }, ...changes].slice(0, MAX_CHANGES);
  }

  #keepPerson(person: Person): void {
    this.#people.delete(person.user_id);
    this.#people.set(person.user_id, person);
    for (const [longest] of this.#people) {
      if (this.#people.size <= MAX_PEOPLE) break;
      this.#people.delete(longest);
    }
  }
}

export function isOver({ status }: Order): boolean {
  return status === "completed" || status === "cancelled";
}

/** Values that a newer server has: what they narrow to, and where they must not go. `npm run check` is the test. */
import type { Known, Unlisted, UnlistedVariant } from "../../src/index.ts";
import { expectType } from "./expect.ts";

type State = "new" | "done";

interface Guest {
  kind: "guest";
  table: number;
}

interface Waiter {
  kind: "waiter";
  name: string;
}

interface Order {
  state: State | Unlisted;
  before?: State | Unlisted | null;
  level: 1 | 2 | Unlisted<number>;
  by: Guest | Waiter | UnlistedVariant<"kind">;
  version: { v: 1; a: string } | { v: 2; b: string } | UnlistedVariant<"v", number>;
  all: (State | Unlisted)[];
  pair: [State | Unlisted, number?];
  byName: { [key: string]: State | Unlisted };
  parts?: Order[];
  bytes: Uint8Array;
  anything: unknown;
}

declare const order: Order;

export function comparing(): string {
  const { state } = order;
  if (state === "new") expectType<"new">()(state, true);
  else expectType<"done" | Unlisted>()(state, true);
  // @ts-expect-error a slip is noticed
  if (state === "don") return "";
  return state === "new" || state === "done" ? "listed" : state.toUpperCase();
}

export function switching(): string {
  switch (order.state) {
    case "new":
      return "new";
    case "done":
      return "done";
    default:
      expectType<Unlisted>()(order.state, true);
      return order.state;
  }
}

// @ts-expect-error there may be another state
export function switchingTooEarly(): string {
  switch (order.state) {
    case "new":
      return "new";
    case "done":
      return "done";
  }
}

export function numbers(): number {
  const { level } = order;
  if (level === 1) expectType<1>()(level, true);
  else if (level !== 2) expectType<Unlisted<number>>()(level, true);
  // @ts-expect-error a level that is not known may be zero, and is none of those that are
  if (!level) expectType<never>()(level, true);
  return level + 1;
}

export function absent(): void {
  const { before } = order;
  if (before === undefined || before === null || before === "new" || before === "done") return;
  expectType<Unlisted>()(before, true);
}

export function variants(): string {
  const { by, version } = order;
  if (version.v === 1) return version.a;
  if (version.v !== 2) expectType<UnlistedVariant<"v", number>>()(version, true);
  switch (by.kind) {
    case "guest":
      expectType<Guest>()(by, true);
      return String(by.table);
    case "waiter":
      return by.name;
    default:
      expectType<UnlistedVariant<"kind">>()(by, true);
      // @ts-expect-error nothing more is known of it
      void by.name;
      return by.kind;
  }
}

/** It is used as any text or number is. */
export function using(): void {
  const text: string = order.state;
  const number: number = order.level;
  const labels = new Map<string, string>([["new", "neu"]]);
  const label: string = labels.get(order.state) ?? text;
  expectType<("done" | Unlisted)[]>()(
    order.all.filter((each) => each !== "new"),
    true,
  );
  void [number, label, `${order.state}`, text.length];
}

export function notTaken(): void {
  const words: Record<State, string> = { new: "neu", done: "fertig" };
  // @ts-expect-error there is no word for what is not known
  void words[order.state];
  // @ts-expect-error it is none of those that are known
  const state: State = order.state;
  // @ts-expect-error no text is one by itself
  const unlisted: Unlisted = "old";
  // @ts-expect-error no number either
  const level: Order["level"] = 3;
  // @ts-expect-error and no object
  const by: Order["by"] = { kind: "cook" };
  void [state, unlisted, level, by];
}

export function known(): void {
  const made: Known<Order> = {
    state: "new",
    level: 1,
    by: { kind: "guest", table: 1 },
    version: { v: 1, a: "" },
    all: ["done"],
    pair: ["done"],
    byName: { a: "new" },
    bytes: new Uint8Array(),
    anything: order,
  };
  const heard: Order = made;
  // @ts-expect-error what was heard may hold what can't be said
  const said: Known<Order> = order;
  // @ts-expect-error no state of one's own
  made.state = "old";
  expectType<State>()(made.state, true);
  expectType<State | null | undefined>()(made.before, true);
  expectType<1 | 2>()(made.level, true);
  expectType<"guest" | "waiter">()(made.by.kind, true);
  expectType<State[]>()(made.all, true);
  expectType<[State, number?]>()(made.pair, true);
  expectType<Uint8Array>()(made.bytes, true);
  expectType<unknown>()(made.anything, true);
  expectType<State | undefined>()(made.parts?.[0]?.state, true);
  void [heard, said];
}

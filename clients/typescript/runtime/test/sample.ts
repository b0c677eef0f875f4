/** A channel as the generator would write it, for tests of the runtime alone. */
import { addressOf, type Channel, type CloseCodes, withQuery, withToken } from "../src/index.ts";

export interface Said {
  type: "said";
  text: string;
}

export interface Counted {
  type: "counted";
  count: number;
}

export interface Say {
  type: "say";
  text: string;
}

export interface RoomIncoming {
  said: Said;
  counted: Counted;
}

export interface RoomOutgoing {
  say: Say;
}

const USUAL = [1005, 1006, 1008, 1011, 1012, 1013, 1014, 4408, 4429, 4480, 4500];

export const CLOSE_CODES: CloseCodes = {
  ...Object.fromEntries(USUAL.map((code) => [code, { reason: "", reconnect: "yes" }] as const)),
  1001: { reason: "Server is shutting down", reconnect: "yes" },
  4401: { reason: "Token missing, invalid or expired", reconnect: "once" },
  4404: { reason: "No such room", reconnect: "no" },
};

export const ROOM: Channel<RoomIncoming, RoomOutgoing> = {
  service: "sample",
  name: "room",
  address: "/rooms/{id}/",
  parameters: [{ name: "id", type: "integer" }],
  addressOf,
  withQuery,
  incoming: {
    paths: [["type"]],
    types: [
      { name: "said", constants: ["said"] },
      { name: "counted", constants: ["counted"] },
    ],
  },
  outgoing: {
    paths: [["type"]],
    types: [{ name: "say", constants: ["say"] }],
  },
  closeCodes: CLOSE_CODES,
  credentials: [{ place: "bearer" }, { place: "query", name: "token" }],
  withToken,
};

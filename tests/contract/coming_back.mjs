/**
 * What conversations can't tell: the emitted TypeScript client loses its connection to the real server, asks, and has its token
 * renewed. It reads `{server, service, user, ending}` from stdin, of which the last three are tokens, and exits with 1 at the first
 * thing that is not so.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { text } from "node:stream/consumers";

import { InvalidPayload, SpcClient } from "@wirepact/services/spc";
import { WebSocket } from "ws";

const { server, service, user, ending } = JSON.parse(await text(process.stdin));
const sockets = [];
const reasons = [];
let network = () => {};

/** A WebSocket that the test can cut, and whose frames it sees. */
class Kept extends WebSocket {
  frames = [];

  constructor(...args) {
    super(...args);
    sockets.push(this);
    this.on("message", (data) => this.frames.push(String(data)));
  }
}

const spc = new SpcClient({
  url: server,
  webSocket: Kept,
  backoff: { baseMs: 3_600_000, capMs: 3_600_000 },
  lifecycle: (tell) => {
    network = tell;
    return () => {};
  },
  getToken: ({ reason }) => {
    reasons.push(reason);
    return reasons.length === 1 ? ending : user;
  },
});

async function post(path, body) {
  const response = await fetch(server + path, {
    method: "POST",
    headers: { authorization: `Bearer ${service}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  deepStrictEqual(response.status, 201, await response.clone().text());
  return response.json();
}

function raise(title) {
  const alert = { alert_type: "OUT_OF_SPEC", priority: 3, title, message: "" };
  return post("/api/spc/alerts/", { product: product.id, ...alert });
}

function told(live, name) {
  return new Promise((resolve) => {
    const stop = live.on(name, (event) => {
      stop();
      resolve(event);
    });
  });
}

const product = await post("/api/spc/products/", {
  code: "BOLT-M10",
  name: "M10",
  lsl: 9.5,
  usl: 10.5,
  target: 10,
  subgroup_size: 5,
});
const live = spc.notifications();
const heard = [];
live.on("alert", ({ alert }) => heard.push(alert.title));
live.on("$resumed", ({ audience, recovered }) => heard.push([audience, recovered]));
deepStrictEqual((await told(live, "$open")).protocol, "wirepact.v1");

const renewed = async () => {
  while (!sockets[0].frames.some((each) => each.includes("!renewed"))) {
    await new Promise((resolve) => sockets[0].once("message", resolve));
  }
};
await renewed();
deepStrictEqual(reasons, ["connect", "expiring"]);

const first = told(live, "alert");
await raise("one");
await first;
const lost = told(live, "$state");
sockets[0].terminate();
deepStrictEqual((await lost).closeCode, 1006);
for (const title of ["two", "three"]) await raise(title);
const back = told(live, "$resumed");
network("online");
await back;

const { alerts } = await live.request({ type: "get_alerts", limit: 10 });

deepStrictEqual(
  alerts.map(({ title }) => title),
  ["three", "two", "one"],
);
deepStrictEqual(heard, ["one", ["", true], "two", "three"]);
ok(!sockets[1].url.includes(user), "the token stands in the address");

const refused = await live.request({ type: "get_alerts", limit: -1 }).catch((error) => error);
ok(refused instanceof InvalidPayload, String(refused));

const waiting = told(live, "$state");
sockets[1].terminate();
await waiting;
live.send({ type: "get_alerts", limit: 1 }, { offline: "queue" });
const answered = told(live, "alerts");
network("shown");
deepStrictEqual((await answered).alerts.length, 1);
live.send({ type: "unsubscribe_product", product_id: product.id });
sockets[2].terminate();
await told(live, "$state");
live.send({ type: "subscribe_product", product_id: product.id }, { offline: "queue" });
deepStrictEqual(live.close(), [{ type: "subscribe_product", product_id: product.id }]);

/**
 * A life of a connection without a network: welcomed, a request answered, cut off, back and recovered, a request refused, closed. Returns what a program saw of it.
 */
const WELCOME = '!welcome {"connection":"k1"}';
const POSITION = '!position {"audience":"","epoch":"e1","offset":1';
const ALERTS = '{"type":"alerts","alerts":[]}';

export const life = async ({ SpcClient, RateLimited }, { WirepactError }) => {
  const server = new Server();
  const client = new SpcClient({
    url: "ws://factory.test",
    webSocket: server.Socket,
    backoff: { baseMs: 0 },
    getToken: async ({ reason }) => reason,
  });
  const seen = [];
  const live = client.notifications();
  live.on("$state", ({ status }) => seen.push(status));
  live.on("$resumed", ({ recovered }) => seen.push({ recovered }));

  await server.greets(`${WELCOME}\n${POSITION}}`);
  const asked = live.request({ type: "get_alerts", limit: 1 });
  await server.hears((line) => line.startsWith("#1 "), `#1 ${ALERTS}`);
  seen.push(await asked);

  server.cutsOff();
  await server.greets(`${WELCOME}\n${POSITION},"recovered":true}`);
  const refused = live.request({ type: "get_alerts" });
  await server.hears(
    (line) => line.startsWith("#2 "),
    '!error {"id":"2","code":"rate_limited","text":"slowly","delay":2}',
  );
  const error = await refused.catch((reason) => reason);
  seen.push({
    refused: error instanceof RateLimited && error instanceof WirepactError,
    delayMs: error.delayMs,
  });
  seen.push({ unsent: live.close() });
  return seen;
};

/** The other side of each socket, which waits for what it is to answer. */
class Server {
  #socket;
  #lines = [];
  #wake = () => {};

  constructor() {
    const server = this;
    this.Socket = class {
      readyState = 0;
      constructor(url, protocols) {
        this.protocol = protocols[0];
        server.#socket = this;
        server.#wake();
      }
      send(frame) {
        server.#lines.push(...frame.split("\n"));
        server.#wake();
      }
      close() {
        this.readyState = 3;
      }
    };
  }

  async greets(lines) {
    await this.#until(() => this.#socket?.readyState === 0);
    this.#socket.readyState = 1;
    this.#socket.onopen({});
    await this.hears((line) => line.startsWith("!hello "), lines);
  }

  async hears(isMeant, answer) {
    await this.#until(() => this.#lines.some(isMeant));
    this.#lines = [];
    this.#socket.onmessage({ data: answer });
  }

  cutsOff() {
    this.#socket.readyState = 3;
    this.#socket.onclose({ code: 1006, reason: "" });
  }

  async #until(isSo) {
    while (!isSo()) await new Promise((wake) => (this.#wake = wake));
  }
}

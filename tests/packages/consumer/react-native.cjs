/**
 * Leaves of the platform what an app of React Native 0.74 finds, for `node --require`: no event classes of the DOM, no `TextDecoder` and `crypto`, a `URL` whose parts
 * can't be read, and signals that have no reason.
 */
for (const name of ["TextDecoder", "crypto", "structuredClone", "BroadcastChannel", "MessageChannel"]) {
  Reflect.deleteProperty(globalThis, name);
}
for (const name of ["reason", "throwIfAborted"]) Reflect.deleteProperty(AbortSignal.prototype, name);
for (const name of ["any", "timeout"]) Reflect.deleteProperty(AbortSignal, name);

globalThis.URL = class URL {
  constructor(url) {
    this.href = url.endsWith("/") ? url : `${url}/`;
  }
  toString() {
    return this.href;
  }
};
for (const name of ["hash", "host", "hostname", "origin", "pathname", "port", "protocol", "search"]) {
  Object.defineProperty(globalThis.URL.prototype, name, {
    get() {
      throw new Error(`URL.${name} is not implemented`);
    },
  });
}

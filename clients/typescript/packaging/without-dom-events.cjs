/** Takes the event classes of the DOM away before anything is loaded, as in React Native: `node --require`. */
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (/Event(Target|Source)?$|^WebSocket$/.test(name)) Reflect.deleteProperty(globalThis, name);
}

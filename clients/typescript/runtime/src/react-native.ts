/** What becomes of an app of React Native, which has no page: `import { reactNativeLifecycle } from "@wirepact/client/react-native"`. */
import type { Lifecycle } from "./lifecycle.ts";

/** As much of React Native's `AppState` as is used here. */
export interface AppState {
  addEventListener(type: "change", listener: (state: string) => void): { remove(): void };
}

/** As much of `@react-native-community/netinfo` as is used here. */
export interface NetInfo {
  addEventListener(listener: (state: { readonly isConnected: boolean | null }) => void): () => void;
}

/**
 * Tells when the app comes to the foreground, and, if it is given `NetInfo`, of the network. An app in the background keeps its
 * connection for as long as its system lets it.
 */
export function reactNativeLifecycle(appState: AppState, netInfo?: NetInfo): Lifecycle {
  return (tell) => {
    const watching = appState.addEventListener("change", (state) => {
      if (state === "active") tell("shown");
    });
    const stop = netInfo?.addEventListener(({ isConnected }) => {
      if (isConnected !== null) tell(isConnected ? "online" : "offline");
    });
    return () => {
      watching.remove();
      stop?.();
    };
  };
}

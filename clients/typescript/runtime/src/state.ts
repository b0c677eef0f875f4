/** It has not begun yet: it begins by itself once the code that made it has run. */
export interface Idle {
  readonly status: "idle";
}

/** On its way. `attempt` is 0 for the first time, then counts the attempts to come back. */
export interface Connecting {
  readonly status: "connecting";
  readonly attempt: number;
}

/** Messages can be sent and arrive. */
export interface Open {
  readonly status: "open";
}

/** Lost with `closeCode`; tries again `delayMs` after this state began. */
export interface Reconnecting {
  readonly status: "reconnecting";
  readonly attempt: number;
  readonly delayMs: number;
  readonly closeCode: number;
}

/** Over. `terminal` tells whether the server's answer means that coming back would not help; otherwise it was ended here. */
export interface Closed {
  readonly status: "closed";
  readonly code: number;
  readonly reason: string;
  readonly terminal: boolean;
}

/** Where a connection is: `idle → connecting → open → reconnecting → connecting → … → closed`. */
export type ConnectionState = Idle | Connecting | Open | Reconnecting | Closed;

/** What a view and the page around it are to each other. */
import type { ConnectionState } from "@wirepact/client";

/** The page around a view, for as long as the view is shown. */
export interface Site {
  /** Who looks at it; empty for nobody in particular. */
  readonly token: string;
  /** What stands behind the `#` of the address, for example which lesson to show. */
  readonly place: URLSearchParams;
  /** Says how the view is connected. */
  readonly connected: (state: ConnectionState) => void;
  /** Says something that somebody should read; an empty text takes it back. */
  readonly notice: (text: string) => void;
  /** Says something to whoever hears the page rather than sees it. */
  readonly announce: (text: string) => void;
}

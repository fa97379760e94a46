/** How the page stands with its server. */
export interface LinkState {
  readonly state: "connecting" | "live" | "reconnecting";
  /** When the server was last heard, by this machine's clock; 0 for never. */
  readonly heardAt: number;
  /** Why it is not live, in a few words. */
  readonly reason?: string;
}

/** What a connection tells: texts are as the server sent them, a `PageSnapshot` or a `PageChange`. */
export type LinkMessage =
  | { readonly type: "snapshot"; readonly text: string }
  | { readonly type: "change"; readonly id: string; readonly text: string }
  | { readonly type: "state"; readonly state: LinkState }
  /** Nothing more is told until the tab says hello again: it has not taken what was told for long. */
  | { readonly type: "behind" };

/** What a tab tells the worker that serves it. */
export type TabMessage = "hello" | "got" | "bye" | "retry";

import type { LinkMessage, TabMessage } from "./messages.ts";

/** Put in by the build; another one for each version of the worker. */
declare const workerName: string;

export interface Link {
  /** Tries again at once. */
  retry(): void;
}

/** The one connection of all tabs; where there are no shared workers, one of this tab alone, while it is looked at. */
export function openLink(tell: (message: LinkMessage) => void): Link {
  const url = script("worker.js");
  const isShared = typeof SharedWorker === "function";
  const port = isShared
    ? new SharedWorker(url, { type: "module", name: workerName }).port
    : new Worker(url, { type: "module" });
  const say = (message: TabMessage) => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<LinkMessage>) => {
    if (data.type === "behind") return say("hello");
    if (data.type === "change") say("got");
    tell(data);
  };
  addEventListener("online", () => say("retry"));
  addEventListener("pagehide", () => say("bye"));
  // Back from the browser's cache of pages.
  addEventListener("pageshow", ({ persisted }) => persisted && say("hello"));
  if (!isShared) {
    document.addEventListener("visibilitychange", () => say(document.hidden ? "bye" : "hello"));
  }
  say("hello");
  return { retry: () => say("retry") };
}

/** Under Trusted Types only a policy makes the address of a script. */
function script(name: string): string {
  const address = new URL(name, location.href).href;
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy("sup", { createScriptURL: () => address });
  return (policy?.createScriptURL(address) as string | undefined) ?? address;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): unknown };
}

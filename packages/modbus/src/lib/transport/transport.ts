import type { Settings } from "../options.ts";
import type { OpenLink } from "./link.ts";
import { openTcpLink } from "./tcp-link.ts";

/** How a device is reached. */
export interface Transport {
  readonly name: "tcp";
  /** For messages and hooks, as in "192.168.1.50:502". */
  readonly address: string;
  readonly open: OpenLink;
}

/** The transport that the options ask for. */
export function transportOf({ transport, host, port, connectTimeout }: Settings): Transport {
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    name: transport,
    address,
    open: (events, signal) => openTcpLink({ host, port, address, connectTimeout }, events, signal),
  };
}

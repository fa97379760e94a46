import type { AlarmServer } from "./alarm-server.ts";
import type { PriceServer } from "./price-server.ts";
import type { Simulator } from "./simulator.ts";

/** What happens, as the log tells it; where it lasts, for how many milliseconds, and how it ends. */
export interface Trouble {
  readonly text: string;
  readonly begin: () => unknown;
  readonly lasts?: number;
  readonly end?: () => unknown;
}

/** Who suffers; a counterpart that is not there is left in peace. */
export interface Victims {
  readonly simulator: Pick<Simulator, "cast"> | undefined;
  readonly priceServer: Pick<PriceServer, "cast"> | undefined;
  readonly alarmServer: Pick<AlarmServer, "cast"> | undefined;
  readonly sidecar: { readonly pid: number | undefined };
}

/** All that can happen, in the order in which it does. */
export function troublesOf({ simulator, priceServer, alarmServer, sidecar }: Victims): Trouble[] {
  const recover = () => simulator?.cast("recover");
  return [
    {
      text: "resets every connection of the device (RST)",
      begin: () => simulator?.cast("suffer", "reset"),
    },
    {
      text: "freezes the socket of the price feed",
      begin: () => priceServer?.cast("freeze"),
    },
    {
      text: "cuts the power of the device",
      begin: () => simulator?.cast("suffer", "power cut"),
    },
    {
      text: "ends the stream of alarms",
      begin: () => alarmServer?.cast("end"),
    },
    {
      text: "hangs the device for 6 s: it takes requests, answers none",
      begin: () => simulator?.cast("suffer", "hang"),
      lasts: 6_000,
      end: recover,
    },
    {
      text: "crashes the sidecar (SIGKILL)",
      begin: () => sidecar.pid !== undefined && process.kill(sidecar.pid, "SIGKILL"),
    },
    {
      text: "slows the device down for 6 s: 400 ms an answer",
      begin: () => simulator?.cast("suffer", "slow"),
      lasts: 6_000,
      end: recover,
    },
  ];
}

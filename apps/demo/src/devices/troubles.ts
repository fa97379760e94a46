import type { AlarmServer } from "./alarm-server.ts";
import type { Historian } from "./historian.ts";
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
  readonly historian: Pick<Historian, "cast">;
  readonly sidecar: { readonly pid: number | undefined };
}

/** A reading that the historian chokes on. */
const poison = { celsius: NaN, heating: false, at: 0, took: 0 };

/** All that can happen, in the order in which it does. */
export function troublesOf(victims: Victims): Trouble[] {
  const { simulator, priceServer, alarmServer, historian, sidecar } = victims;
  const recover = () => simulator?.cast("recover");
  return [
    {
      text: "resets every connection of the device (RST)",
      begin: () => simulator?.cast("suffer", "reset"),
    },
    {
      text: "trips the motor of the circulation pump",
      begin: () => simulator?.cast("suffer", "trip"),
    },
    {
      text: "freezes the socket of the price feed",
      begin: () => priceServer?.cast("freeze"),
    },
    {
      text: "gives the historian two readings to choke on",
      begin: () => [1, 2].map(() => historian.cast("keep", poison)),
    },
    {
      text: "cuts the power of the device for 2.5 s",
      begin: () => simulator?.cast("suffer", "power cut"),
      // Until it was started again with power.
      lasts: 4_000,
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
      text: "hangs the historian for 9 s",
      begin: () => historian.cast("hang", 9_000),
      lasts: 9_000,
    },
    {
      text: "silences the supply pump for 6 s: the others on its line answer",
      begin: () => simulator?.cast("suffer", "silence"),
      lasts: 6_000,
      end: recover,
    },
  ];
}

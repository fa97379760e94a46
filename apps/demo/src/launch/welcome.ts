import type { Settings } from "./settings.ts";

/** The first lines of the terminal. */
export function welcome({ port, address, simulation }: Settings): string {
  const heater = simulation === undefined ? "heater" : "simulated heater";
  const device = `${address.host}:${address.port}, unit ${address.unitId}`;
  return `
sup demo gateway: keeps a tank of water warm over Modbus TCP, under supervision

  ${heater.padEnd(16)}  Modbus TCP on ${device}
  tree of actors    http://127.0.0.1:${port}/

Ctrl-C ends it in order.${hintOn(simulation)}

`;
}

function hintOn(simulation: Settings["simulation"]): string {
  if (simulation === undefined) return "";
  return simulation.chaos
    ? "\n--chaos: the heater will fail every few seconds, each time in another way."
    : "\nnpm start -- --chaos makes the heater fail, to watch the gateway recover.";
}

import type { Units } from "./device-address.ts";
import type { Place, Settings } from "./settings.ts";

/** The first lines of the terminal. */
export function welcome(settings: Settings): string {
  const { port, modbus, prices, alarms, sidecar } = settings;
  const { host, port: modbusPort, units } = modbus.address;
  const rows = [
    [
      modbus.speed === undefined ? "plant" : "simulated plant",
      `Modbus TCP on ${host}:${modbusPort}, ${unitsText(units)}`,
    ],
    [nameOf(prices, "price feed"), shown(prices.url)],
    [nameOf(alarms, "alarms"), shown(alarms.url)],
    ["sidecar", sidecar ?? "the demo's own weather station"],
    ["dashboard", `http://127.0.0.1:${port}/`],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length));
  return `
sup demo gateway: keeps a tank of water warm over Modbus TCP, under supervision

${rows.map(([name, where]) => `  ${name.padEnd(width)}  ${where}\n`).join("")}
Ctrl-C ends it in order.${hintOn(settings)}

`;
}

function unitsText(units: Units): string {
  return Object.entries(units)
    .map(([name, id]) => `${name} ${id}`)
    .join(", ");
}

function nameOf({ ownPort }: Place, name: string): string {
  return ownPort === undefined ? name : `simulated ${name}`;
}

/** What is in a URL beside its place may be a secret. */
function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function hintOn({ modbus, prices, alarms, sidecar, calm }: Settings): string {
  if (calm !== undefined)
    return "\n--chaos: something will fail every few seconds, each time in another way.";
  const isOwn = [modbus.speed, prices.ownPort, alarms.ownPort].every((own) => own !== undefined);
  return isOwn && sidecar === undefined
    ? "\nnpm start -- --chaos makes its counterparts fail, to watch the gateway recover."
    : "";
}

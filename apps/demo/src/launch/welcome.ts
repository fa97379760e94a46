import type { Place, Settings } from "./settings.ts";

/** The first lines of the terminal. */
export function welcome(settings: Settings): string {
  const { port, modbus, prices, alarms, sidecar } = settings;
  const { host, port: modbusPort, unitId, meterId } = modbus.address;
  const meter = meterId === undefined ? "" : `; its meter is unit ${meterId}`;
  const rows = [
    [
      modbus.speed === undefined ? "heater" : "simulated heater",
      `Modbus TCP on ${host}:${modbusPort}, unit ${unitId}${meter}`,
    ],
    [nameOf(prices, "price feed"), shown(prices.url)],
    [nameOf(alarms, "alarms"), shown(alarms.url)],
    ["sidecar", sidecar ?? "the demo's own weather station"],
    ["tree of actors", `http://127.0.0.1:${port}/`],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length));
  return `
sup demo gateway: keeps a tank of water warm over Modbus TCP, under supervision

${rows.map(([name, where]) => `  ${name.padEnd(width)}  ${where}\n`).join("")}
Ctrl-C ends it in order.${hintOn(settings)}

`;
}

function nameOf({ ownPort }: Place, name: string): string {
  return ownPort === undefined ? name : `simulated ${name}`;
}

/** What is in a URL beside its place may be a secret. */
function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function hintOn({ modbus, prices, alarms, sidecar, chaos }: Settings): string {
  if (chaos) return "\n--chaos: something will fail every few seconds, each time in another way.";
  const isOwn = [modbus.speed, prices.ownPort, alarms.ownPort].every((own) => own !== undefined);
  return isOwn && sidecar === undefined
    ? "\nnpm start -- --chaos makes its counterparts fail, to watch the gateway recover."
    : "";
}

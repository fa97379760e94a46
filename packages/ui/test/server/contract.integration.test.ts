import { Supervisor } from "@sup/core";
import { adapterContract, Puppet } from "@sup/core/testing";
import { describe, it } from "vitest";
import { Dashboard } from "../../src/index.ts";
import { Harbour } from "../rig/harbour.ts";

const root = new Supervisor("gateway", { actors: [new Puppet("feed")] });
const value = { name: "value", kind: "signal", status: () => ({}), dependencies: [], updates: 0 };

const invalid: Record<string, Record<string, unknown>> = {
  "no root": { root: undefined },
  "a root that is none": { root: { name: "gateway" } },
  "a single value to observe": { observe: value },
  "a value to observe that is none": { observe: [{ name: "value" }] },
  "nothing to observe": { observe: [undefined] },
  "two values of one name": { observe: [value, { ...value }] },
  "an empty host": { host: "" },
  "a host that is a number": { host: 127 },
  "a host with a port": { host: "localhost:8080" },
  "a host that is a URL": { host: "http://localhost" },
  "a host for everybody without auth": { host: "0.0.0.0" },
  "all addresses of IPv6 without auth": { host: "::" },
  "an address of the network without auth": { host: "192.168.1.7" },
  "a name without auth": { host: "gateway.example.com" },
  "a negative port": { port: -1 },
  "a port past the last": { port: 65_536 },
  "half a port": { port: 80.5 },
  "a port as text": { port: "8080" },
  "a single allowed host": { allowedHosts: "example.com" },
  "an allowed host with a port": { allowedHosts: ["example.com:8080"] },
  "an allowed host with a scheme": { allowedHosts: ["https://example.com"] },
  "a pattern of allowed hosts": { allowedHosts: ["*"] },
  "a pattern of names that are allowed": { allowedHosts: ["*.example.com"] },
  "an allowed host that is empty": { allowedHosts: [""] },
  "an auth that is no function": { auth: "Bearer secret" },
  "a redact that is no function": { redact: ["password"] },
  "no viewers": { maxViewers: 0 },
  "half a viewer": { maxViewers: 1.5 },
  "no viewers of an address": { maxViewersPerAddress: 0 },
  "a tick that is too short": { tick: 99 },
  "a tick as text": { tick: "250ms" },
  "an option that there is not": { prefix: "/sup" },
};

function create(options: object): Dashboard {
  return new Dashboard("dashboard", { root, ...options });
}

function active(resource: string): number {
  return process.getActiveResourcesInfo().filter((type) => type === resource).length;
}

const contract = adapterContract<Dashboard, Harbour>({
  start: () => Harbour.find(),
  create: ({ port }, hook) => create({ port, ...(hook && { auth: hook, redact: hook }) }),
  disconnect: (harbour) => harbour.breakServer(),
  refuse: (harbour) => harbour.take(),
  accept: (harbour) => harbour.leave(),
  resources: () => ({
    servers: active("TCPServerWrap"),
    sockets: active("TCPSocketWrap"),
    timers: active("Timeout"),
    immediates: active("Immediate"),
  }),
  reconnects: 100,
  invalid: {
    ...Object.fromEntries(
      Object.entries(invalid).map(([what, options]) => [what, () => create(options)]),
    ),
    "no name": () => new Dashboard("", { root }),
    "a name that is no string": () => new Dashboard(7 as never, { root }),
    "no options": () => new Dashboard("dashboard", undefined as never),
  },
});

describe("Dashboard, as every adapter", () => {
  for (const { name, run } of contract) {
    // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract has titles and checks of its own
    it(name, run, 120_000);
  }
});

// A dashboard on loopback: its page is there, the tree that it shows is this one, and the machine's routes answer.
import assert from "node:assert/strict";
import { once } from "node:events";
import { signal } from "@sup/bus";
import { Supervisor, task } from "@sup/core";
import { Dashboard } from "@sup/ui";

const level = signal("level", () => 42);
const idle = task("idle", async ({ signal: end }) => void (await once(end, "abort")));
const gateway = new Supervisor("gateway", { actors: [level, idle], policy: "permanent" });
const dashboard = new Dashboard("dashboard", { root: gateway, observe: [level], port: 0 });
const root = new Supervisor("root", { actors: [gateway, dashboard], policy: "permanent" });
root.start();

while (dashboard.url === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
const { url } = dashboard;
const get = async (path: string) => {
  const response = await fetch(new URL(path, url));
  assert.equal(response.status, 200, path);
  return response.text();
};

assert.match(await get(""), /<script/);
assert.match(await get("api/v1/tree"), /"idle"/);
assert.match(await get("tree.txt"), /gateway[^]*level[^]*42/);
assert.match(await get("metrics"), /^# HELP /m);
await get("healthz");

await root.stop();
assert.equal(dashboard.url, undefined);

import { once } from "node:events";
import type { Status, Value } from "@sup/bus";
import { type Task, task } from "@sup/core";
import fastify, { type FastifyInstance } from "fastify";
import type { Reading } from "../heater/heater.ts";
import { durationText } from "../text/duration.ts";
import { treeText } from "../text/tree-text.ts";
import type { TreeNode } from "../tree/tree.ts";
import { pageOf } from "./page.ts";

export interface HttpOptions {
  /** It is served to this machine only. */
  readonly port: number;
  /** The tree as it is now. */
  readonly tree: () => TreeNode;
  readonly temperature: Value<Reading | undefined>;
}

/** Tells over HTTP how the gateway is. */
export function createHttp(options: HttpOptions): Task {
  return task("http", async ({ signal, logger, ready, fail, defer }) => {
    const server = fastify({ forceCloseConnections: true });
    defer(() => server.close());
    server.server.on("error", fail);
    addRoutes(server, options);
    const address = await server.listen({ host: "127.0.0.1", port: options.port });
    logger.info({}, `listening on ${address}`);
    ready();
    if (!signal.aborted) await once(signal, "abort");
  });
}

function addRoutes(server: FastifyInstance, { tree, temperature }: HttpOptions): void {
  server.addHook("onRequest", async (_, reply) => {
    reply.headers({
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      "x-content-type-options": "nosniff",
    });
  });
  server.get("/", async (_, reply) => {
    const heater = heaterText(temperature.status(), Date.now());
    reply.type("text/html; charset=utf-8");
    return pageOf({ heater, tree: treeText(tree(), Date.now()) });
  });
  server.get("/tree.txt", async (_, reply) => {
    reply.type("text/plain; charset=utf-8");
    return treeText(tree(), Date.now());
  });
  server.get("/api/v1/tree", async () => tree());
  server.get("/api/v1/heater", async (_, reply) => {
    const { value, stale } = temperature.status();
    if (value !== undefined) return { ...value, stale };
    reply.code(503);
    return { message: "There is no reading yet" };
  });
  server.get("/healthz", async (_, reply) => {
    const { status } = tree();
    // "running" is a gateway whose device has not come yet. It is well: to start it anew would help nobody.
    reply.code(status === "ready" || status === "running" ? 200 : 503);
    return { status };
  });
}

function heaterText({ value, stale }: Status<Reading | undefined>, now: number): string {
  if (value === undefined) return "No reading yet";
  const { celsius, heating, at } = value;
  const age = durationText(now - at);
  const values = `${celsius.toFixed(1)} °C, heater ${heating ? "on" : "off"}`;
  return stale ? `Stale for ${age}; the last was ${values}` : `${values}, read ${age} ago`;
}

import { Check } from "@sup/core/adapter";
import type { FastifyInstance } from "fastify";
import { Feed } from "./feed/feed.ts";
import { addRoutes, routeOptions } from "./http/routes.ts";
import { type DashboardPluginOptions, toSettings } from "./options.ts";

/** Fastify gives a plugin its prefix, too. */
type PluginOptions = DashboardPluginOptions & { readonly prefix?: string };

/**
 * The dashboard as a part of a server of Fastify 5 that there is already, under a `prefix`. Its checks stand before its own
 * routes alone. It begins to note what happens when the server is ready, and ends with it.
 *
 * @throws {TypeError | RangeError} when an option makes no sense
 *
 * @example
 * ```ts
 * await server.register(dashboardPlugin, { root, observe: [temperature], prefix: "/sup" });
 * ```
 */
export async function dashboardPlugin(
  server: FastifyInstance,
  options: DashboardPluginOptions,
): Promise<void> {
  const check = new Check("register the dashboard");
  const given: PluginOptions = options;
  const { settings, rest } = toSettings(check, given);
  const { prefix: _, ...more } = rest;
  check.nothingElse(more);
  const feed = new Feed(settings);
  addRoutes(server, feed, routeOptions(settings));
  server.addHook("onReady", async () => {
    feed.start((error) => server.log.error({ err: error }, "dashboard: reading the tree failed"));
  });
  server.addHook("onClose", async () => feed.stop());
}

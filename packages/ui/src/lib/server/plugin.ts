import { Check } from "@sup/core/adapter";
import type { FastifyInstance } from "fastify";
import { Feed } from "./feed/feed.ts";
import { addRoutes, routeOptions } from "./http/routes.ts";
import { type DashboardPluginOptions, toSettings } from "./options.ts";

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
  check.object("options", options);
  const { root, observe, allowedHosts, auth, redact, maxViewers, tick, ...own } = options;
  const { prefix, ...rest } = own as { prefix?: string };
  const settings = toSettings(check, options);
  check.nothingElse(rest);
  const feed = new Feed(settings);
  addRoutes(server, feed, routeOptions(settings));
  server.addHook("onReady", async () => feed.start());
  server.addHook("onClose", async () => feed.stop());
}

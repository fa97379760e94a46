import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Actor, ActorContext } from "@sup/core";
import { Check } from "@sup/core/adapter";
import { fastify, type FastifyInstance } from "fastify";
import { DashboardListenError, DashboardServerError } from "./errors.ts";
import { Feed } from "./feed/feed.ts";
import { addRoutes, routeOptions } from "./http/routes.ts";
import { checkAddress, type DashboardOptions, type Settings, toSettings } from "./options.ts";

/**
 * A live page of a tree, as one more supervised actor: in the tree that it shows, or in another one. Read only; it reads while
 * somebody looks, and notes what happens always.
 *
 * The actor is ready when it listens. A port that is in use is a crash with `DashboardListenError`.
 *
 * @example
 * ```ts
 * const dashboard = new Dashboard("dashboard", { root: gateway, observe: [temperature], port: 8080 });
 * const root = new Supervisor("root", { actors: [gateway, dashboard] });
 * ```
 */
export class Dashboard implements Actor {
  readonly name: string;
  readonly kind = "dashboard";
  readonly #settings: Settings;
  readonly #host: string;
  readonly #port: number;
  readonly #feed: Feed;
  #url: string | undefined;

  /** @throws {TypeError | RangeError} when the name or an option makes no sense */
  constructor(name: string, options: DashboardOptions) {
    const check = Check.creation("dashboard", name);
    const { settings, rest } = toSettings(check, options);
    const { host = "127.0.0.1", port = 8_080, ...more } = rest;
    checkAddress(check, host, port, settings.auth);
    check.nothingElse(more);
    this.#settings = settings;
    this.name = name;
    this.#host = host.replace(/^\[|\]$/g, "");
    this.#port = port;
    this.#feed = new Feed(this.#settings);
  }

  /** Where the page is, such as `http://127.0.0.1:8080/`; `undefined` while it does not listen. */
  get url(): string | undefined {
    return this.#url;
  }

  /** One life; for supervisors. */
  async run(context: ActorContext): Promise<void> {
    const { signal, logger, ready, fail, defer } = context;
    const report = (error: unknown, what: string): void => logger.error({ error }, what);
    this.#feed.start((error) => report(error, "reading the tree failed"));
    const server = fastify({ forceCloseConnections: true, requestTimeout: 10_000 });
    defer(() => this.#close(server));
    addRoutes(server, this.#feed, { ...routeOptions(this.#settings, [this.#host]), report });
    const broke = (cause?: Error): void => {
      if (this.#url !== undefined) fail(new DashboardServerError(this.name, cause));
    };
    server.server.on("error", broke).on("close", broke);
    await this.#listen(server);
    logger.info({ url: this.#url }, "listening");
    ready();
    if (!signal.aborted) await once(signal, "abort");
  }

  /** For supervisors: it notes what happens until it has stopped for good, between two of its lives too. */
  onStopped(): void {
    this.#feed.stop();
  }

  async #listen(server: FastifyInstance): Promise<void> {
    try {
      await server.listen({ host: this.#host, port: this.#port });
    } catch (cause) {
      throw new DashboardListenError(this.name, this.#host, this.#port, cause);
    }
    const { address, family, port } = server.server.address() as AddressInfo;
    const host = family === "IPv6" ? `[${address}]` : address;
    this.#url = `http://${host}:${port}/`;
  }

  async #close(server: FastifyInstance): Promise<void> {
    this.#url = undefined;
    await server.close();
  }
}

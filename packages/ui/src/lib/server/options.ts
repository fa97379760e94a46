import type { Inspectable } from "@sup/bus";
import { Supervisor } from "@sup/core";
import { Check } from "@sup/core/adapter";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isLoopback } from "./http/guard.ts";
import { nameOf } from "./text/name.ts";
import type { Redact } from "./text/redaction.ts";

/**
 * Decides whether a request is answered: `true` lets it in. It may answer by itself, through `reply`; otherwise 401 is sent.
 * What throws or rejects is 500, and what has not settled after 10 s is 503.
 */
export type Auth = (
  request: FastifyRequest,
  reply: FastifyReply,
) => boolean | undefined | FastifyReply | Promise<boolean | undefined | FastifyReply>;

/** Options of `dashboardPlugin`. */
export interface DashboardPluginOptions {
  /**
   * The supervisor whose tree is shown; or a function that returns it, for a dashboard that is in that tree itself. It is called
   * once, when the dashboard starts.
   */
  readonly root: Supervisor | (() => Supervisor);
  /**
   * Values of the bus that are shown in a panel of their own; their names must differ.
   * @defaultValue none
   */
  readonly observe?: readonly Inspectable<unknown>[] | undefined;
  /**
   * Names that browsers may ask for beside `localhost`, `127.0.0.1` and `[::1]`, without a port. A request for another one is
   * refused with 421, as a page of another site may have made its name mean this machine. A pattern
   * would let in such a name, and is refused.
   * @defaultValue none
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /**
   * Stands before every route, and decides who may look, within 10 s. Without it only this machine may.
   * @defaultValue none
   */
  readonly auth?: Auth | undefined;
  /**
   * Hides parts of values. Keys that look like secrets, as `password` or `apiKey`, are hidden without it.
   * @defaultValue none
   */
  readonly redact?: Redact | undefined;
  /**
   * Pages that may look at once, at least 1; past it 503 is sent.
   * @defaultValue 50
   */
  readonly maxViewers?: number | undefined;
  /**
   * Pages of one address that may look at once, at least 1; past it 429 is sent, so that one client that opens stream after
   * stream leaves room for others. All tabs of a browser are one. The address is Fastify's `request.ip`: who is behind a proxy
   * counts with it, unless `trustProxy` of the server that the plugin is in says otherwise.
   * @defaultValue half of `maxViewers`
   */
  readonly maxViewersPerAddress?: number | undefined;
  /**
   * Milliseconds between two readings of the tree while somebody looks, from 100. A reading that takes more than a twentieth of
   * it makes it longer.
   * @defaultValue 250
   */
  readonly tick?: number | undefined;
}

/** Options of a dashboard. */
export interface DashboardOptions extends DashboardPluginOptions {
  /**
   * The address to listen on; one that is not loopback needs `auth`.
   * @defaultValue `"127.0.0.1"`
   */
  readonly host?: string | undefined;
  /**
   * The port to listen on; 0 takes one that is free.
   * @defaultValue 8,080
   */
  readonly port?: number | undefined;
}

/** Options with everything filled in. */
export interface Settings {
  readonly root: Supervisor | (() => Supervisor);
  readonly observe: readonly Inspectable<unknown>[];
  readonly allowedHosts: readonly string[];
  readonly auth: Auth | undefined;
  readonly redact: Redact | undefined;
  readonly maxViewers: number;
  readonly maxViewersPerAddress: number;
  readonly tick: number;
}

/**
 * The settings that `options` stand for, and what is left of these.
 * @throws {TypeError | RangeError} when an option makes no sense
 */
export function toSettings<Options extends DashboardPluginOptions>(
  check: Check,
  options: Options,
): { settings: Settings; rest: Omit<Options, keyof DashboardPluginOptions> } {
  check.object("options", options);
  const {
    root,
    observe = [],
    allowedHosts = [],
    auth,
    redact,
    maxViewers = 50,
    maxViewersPerAddress,
    tick = 250,
    ...rest
  } = options;
  if (typeof root !== "function" && !(root instanceof Supervisor)) {
    check.refuse("root", "a Supervisor, or a function that returns one", root);
  }
  checkObserved(check, observe);
  check.list("allowedHosts", allowedHosts);
  for (const [index, host] of allowedHosts.entries()) {
    checkHost(check, `allowedHosts[${index}]`, host);
  }
  check.functions({ auth, redact });
  check.integer("maxViewers", maxViewers, 1);
  if (maxViewersPerAddress !== undefined) {
    check.integer("maxViewersPerAddress", maxViewersPerAddress, 1);
  }
  check.delay("tick", tick, 100);
  return {
    settings: {
      root,
      observe: [...observe],
      allowedHosts: [...allowedHosts],
      auth,
      redact,
      maxViewers,
      maxViewersPerAddress: maxViewersPerAddress ?? Math.ceil(maxViewers / 2),
      tick,
    },
    rest,
  };
}

/** @throws {TypeError | RangeError} when an address makes no sense, or is for everybody */
export function checkAddress(
  check: Check,
  host: string,
  port: number,
  auth: Auth | undefined,
): void {
  checkHost(check, "host", host);
  check.integer("port", port, 0, 65_535);
  if (isLoopback(host) || auth !== undefined) return;
  check.refuse("host", "an address of this machine alone, as there is no `auth`", host, "string");
}

function checkObserved(
  check: Check,
  observe: unknown,
): asserts observe is readonly Inspectable<unknown>[] {
  check.list("observe", observe);
  const names = new Set<string>();
  for (const [index, value] of (observe as unknown[]).entries()) {
    const status: unknown = (value as Partial<Inspectable<unknown>> | undefined)?.status;
    if (typeof status !== "function") {
      check.refuse(`observe[${index}]`, "a value of the bus, with `name` and `status`", value);
    }
    const name = nameOf(value as { name: unknown });
    if (names.has(name)) {
      check.refuse(`observe[${index}]`, "of another name than those before", name, "string");
    }
    names.add(name);
  }
}

function checkHost(check: Check, name: string, host: unknown): void {
  check.text(name, host);
  if (/^(\[[\da-f:.]+\]|[^\s/?#@*[\]]+)$/i.test(host as string) && !isWithPort(host as string))
    return;
  check.refuse(name, "a name or an address, without a port or a `*`", host, "string");
}

/** An address of IPv6 has more than one colon. */
function isWithPort(host: string): boolean {
  return /^[^:]+:\d*$/.test(host) || /\]:\d*$/.test(host);
}

import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import type { Feed } from "../feed/feed.ts";
import { Viewer } from "../feed/viewer.ts";
import { actorDetailOf } from "../detail/actor-detail.ts";
import { valueDetailOf } from "../detail/value-detail.ts";
import { Metrics } from "../machines/metrics.ts";
import { treeOf } from "../machines/tree.ts";
import { treeText } from "../machines/tree-text.ts";
import type { Auth, Settings } from "../options.ts";
import type { Redact } from "../text/redaction.ts";
import { allowedMethods, type GuardRules, refusalOf } from "./guard.ts";
import { securityHeaders } from "./headers.ts";
import { isKnown, type PageFile, takesGzip, toPageFile } from "./page-file.ts";
import { loadPage } from "./load-page.ts";

/** What the routes need of the options. */
export interface RouteOptions extends GuardRules {
  readonly auth: Auth | undefined;
  readonly redact: Redact | undefined;
  /** Milliseconds that `auth` has to decide. */
  readonly authTimeout: number;
  readonly maxViewers: number;
  readonly maxViewersPerAddress: number;
  /** Milliseconds after which a viewer that takes nothing is cut off. */
  readonly stallTimeout: number;
  /** Told of what failed here; left out where Fastify's logger is. */
  readonly report?: (error: unknown, what: string) => void;
}

/** `hosts` are names of the address that it listens on. */
export function routeOptions(settings: Settings, hosts: readonly string[] = []): RouteOptions {
  const { allowedHosts, auth, redact, maxViewers, maxViewersPerAddress } = settings;
  return {
    allowedHosts: [...allowedHosts, ...hosts.filter((host) => !isWildcard(host))],
    hasAuth: auth !== undefined,
    auth,
    redact,
    authTimeout: 10_000,
    maxViewers,
    maxViewersPerAddress,
    stallTimeout: 30_000,
  };
}

/** It is no name that anybody asks for. */
function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** Seconds after which somebody who was not let in may try again. */
const retryAfter = 5;

/** The routes of a dashboard, each behind the guard; for an instance of its own, or a part of another one. */
export function addRoutes(app: FastifyInstance, feed: Feed, options: RouteOptions): void {
  addGuard(app, options);
  addPage(app);
  addStream(app, feed, options);
  addData(app, feed, options);
  addMachines(app, feed, options);
  app.addHook("preClose", async () => feed.close());
}

/** What stands before every route. */
function addGuard(app: FastifyInstance, options: RouteOptions): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders);
    const { method, raw, headers } = request;
    const { localAddress } = request.socket ?? {};
    const refusal = refusalOf({ method, url: raw.url ?? "", headers, localAddress }, options);
    if (refusal !== undefined) {
      if (refusal.status === 405) reply.header("allow", allowedMethods);
      return reply.code(refusal.status).send({ message: refusal.message });
    }
    if (options.auth === undefined) return undefined;
    return (await isLetIn(options, request, reply)) ? undefined : reply;
  });
  app.setErrorHandler((error, request, reply) => {
    const { statusCode = 500 } = error as { statusCode?: number };
    if (statusCode < 500)
      return reply.code(statusCode).send({ message: "Cannot answer: no such request" });
    tell(options, request, error, "request failed");
    return reply.code(500).send({ message: "Cannot answer: something failed here" });
  });
}

async function isLetIn(
  options: RouteOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  let verdict: unknown;
  try {
    const given = options.auth?.(request, reply);
    // To wait for a reply is to wait until it was sent.
    verdict = given === reply ? undefined : await within(options.authTimeout, given);
  } catch (error) {
    tell(options, request, error, "auth failed");
    if (!reply.sent) reply.code(500).send({ message: "Cannot tell who you are" });
    return false;
  }
  if (reply.sent) return false;
  if (verdict === true) return true;
  if (verdict === tooLate) {
    const error = new Error(`Cannot wait for \`auth\` any longer than ${options.authTimeout} ms`);
    tell(options, request, error, "auth failed");
    reply.code(503).header("retry-after", retryAfter);
    reply.send({ message: "Cannot tell who you are in time" });
    return false;
  }
  reply.code(401).send({ message: "Cannot answer: you are not let in" });
  return false;
}

const tooLate = Symbol("tooLate");

/** What `given` resolves with, or `tooLate`: nobody may be kept waiting for ever. */
async function within(timeout: number, given: unknown): Promise<unknown> {
  const time = Promise.withResolvers<typeof tooLate>();
  const timer = setTimeout(() => time.resolve(tooLate), timeout).unref();
  try {
    return await Promise.race([given, time.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function tell(
  { report }: RouteOptions,
  request: FastifyRequest,
  error: unknown,
  what: string,
): void {
  if (report === undefined) request.log.error({ err: error }, `dashboard: ${what}`);
  else report(error, what);
}

/** Answers `url`, and refuses what would change anything: the guard does, once the route is known. */
function get(app: FastifyInstance, url: string, handler: RouteHandlerMethod): void {
  app.route({ method: ["GET", "HEAD"], url, handler });
  app.route({ method: ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"], url, handler: refuse });
}

async function refuse(_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return reply.code(405).send();
}

function addPage(app: FastifyInstance): void {
  let files: Promise<ReadonlyMap<string, PageFile>> | undefined;
  const send = async (request: FastifyRequest, reply: FastifyReply, name: string) => {
    const file = (await (files ??= loadFiles())).get(name);
    return file === undefined ? reply.callNotFound() : sendFile(request, reply, file);
  };
  get(app, "/", async (request, reply) => {
    const path = request.url.split("?", 1)[0]!;
    if (path.endsWith("/")) return send(request, reply, "index.html");
    // The page names its files relative to itself, so that it works behind any prefix.
    return reply.redirect(`${path.slice(path.lastIndexOf("/") + 1)}/`, 308);
  });
  for (const name of ["app.js", "app.css", "worker.js"]) {
    get(app, `/${name}`, async (request, reply) => send(request, reply, name));
  }
}

async function loadFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const loaded = await loadPage();
  return new Map(Array.from(loaded, ([name, bytes]) => [name, toPageFile(name, bytes)]));
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const isZipped = takesGzip(request.headers["accept-encoding"]);
  const version = isZipped ? file.zipped : file.plain;
  reply.headers({ "cache-control": "no-cache", vary: "accept-encoding", etag: version.etag });
  if (isKnown(request.headers["if-none-match"], version)) return reply.code(304).send();
  if (isZipped) reply.header("content-encoding", "gzip");
  return reply.type(file.type).send(version.body);
}

function addStream(app: FastifyInstance, feed: Feed, options: RouteOptions): void {
  const { maxViewers, maxViewersPerAddress, stallTimeout } = options;
  get(app, "/api/v1/stream", async (request, reply) => {
    if (feed.viewers >= maxViewers) {
      reply.code(503).header("retry-after", retryAfter);
      return { message: `Cannot show: ${maxViewers} viewers look already` };
    }
    if (feed.viewersFrom(request.ip) >= maxViewersPerAddress) {
      reply.code(429).header("retry-after", retryAfter);
      return {
        message: `Cannot show: ${maxViewersPerAddress} viewers of your address look already`,
      };
    }
    reply.type("text/event-stream; charset=utf-8").header("x-accel-buffering", "no");
    if (request.method === "HEAD") return reply.send();
    // A browser that connects anew sends what it was told last, and the address that it began with.
    const { after } = request.query as { after?: unknown };
    const id = request.headers["last-event-id"] ?? after;
    const seq = feed.seqOf(typeof id === "string" ? id : undefined) ?? -1;
    return openStream(feed, request, reply, { seq, stallTimeout });
  });
}

function openStream(
  feed: Feed,
  request: FastifyRequest,
  reply: FastifyReply,
  { seq, stallTimeout }: { readonly seq: number; readonly stallTimeout: number },
): FastifyReply {
  const { raw } = reply;
  reply.hijack();
  // It may have gone while it was asked who it is, and no event would tell.
  if (raw.destroyed) return reply;
  raw.setTimeout(stallTimeout, () => raw.destroy());
  if (request.raw.httpVersionMajor === 1) {
    // The connection goes with the stream: nothing is left to wait for when the server closes.
    raw.shouldKeepAlive = false;
    raw.socket?.setKeepAlive(true, stallTimeout / 2);
  }
  raw.writeHead(200, reply.getHeaders() as Record<string, string>);
  const viewer = new Viewer(raw, seq, request.ip);
  raw.on("close", () => feed.remove(viewer));
  viewer.write("retry: 1000\n\n");
  feed.add(viewer);
  return reply;
}

function addData(app: FastifyInstance, feed: Feed, { redact }: RouteOptions): void {
  get(app, "/api/v1/snapshot", async (_, reply) => {
    reply.type("application/json; charset=utf-8").header("content-encoding", "gzip");
    return feed.snapshot();
  });
  get(app, "/api/v1/actors/:id", async ({ params }, reply) => {
    const { id } = params as { id: string };
    const detail = actorDetailOf(feed, numberOf(id), redact);
    return detail ?? reply.code(404).send({ message: `Cannot show actor ${id}: it is gone` });
  });
  get(app, "/api/v1/values/:id", async ({ params }, reply) => {
    const { id } = params as { id: string };
    const detail = valueDetailOf(feed, numberOf(id), redact);
    return detail ?? reply.code(404).send({ message: `Cannot show value ${id}: there is none` });
  });
}

function addMachines(app: FastifyInstance, feed: Feed, { redact }: RouteOptions): void {
  const metrics = new Metrics(feed);
  get(app, "/api/v1/tree", async () => treeOf(feed.root, Date.now(), redact));
  get(app, "/tree.txt", async (_, reply) => {
    reply.type("text/plain; charset=utf-8");
    return treeText(treeOf(feed.root, Date.now(), redact), Date.now());
  });
  get(app, "/healthz", async (_, reply) => {
    const { status } = feed.root;
    // One that is not ready yet may wait for a device; to start it anew would help nobody.
    reply.code(status === "ready" || status === "running" ? 200 : 503);
    return { status };
  });
  get(app, "/metrics", async (_, reply) => {
    reply.type(metrics.contentType);
    return metrics.text();
  });
}

function numberOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : -1;
}

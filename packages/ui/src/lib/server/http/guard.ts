import { isIPv4 } from "node:net";

/** What the guard looks at of a request. */
export interface Request {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The address that was connected to; left out where there is none, as with a socket of a file. */
  readonly localAddress?: string | undefined;
}

/** What is let in. */
export interface GuardRules {
  /** Names that requests may be for, beside those of this machine. */
  readonly allowedHosts: readonly string[];
  /** Whether somebody decides who may look. */
  readonly hasAuth: boolean;
}

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 403 | 405 | 414 | 421;
  readonly message: string;
}

export const allowedMethods = "GET, HEAD";
const longestUrl = 2_048;

/** Whether a request may be answered: decided from the request alone, before anything else. */
export function refusalOf(request: Request, rules: GuardRules): Refusal | undefined {
  const { method, url, headers, localAddress } = request;
  const host = one(headers["host"]) ?? one(headers[":authority"]);
  // A target with a host of its own, as proxies are sent, stands for that host, whatever the header says.
  if (!url.startsWith("/") || !isAllowedHost(host, rules.allowedHosts)) {
    return {
      status: 421,
      message: `Cannot answer for host ${JSON.stringify(host ?? "")}: it is not among \`allowedHosts\``,
    };
  }
  if (localAddress !== undefined && !rules.hasAuth && !isLoopback(localAddress)) {
    return {
      status: 403,
      message: `Cannot answer on ${localAddress}: an address that is not loopback needs \`auth\``,
    };
  }
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, message: `Cannot ${method}: the dashboard is read only` };
  }
  if (url.length > longestUrl) {
    return {
      status: 414,
      message: `Cannot answer: the URL is longer than ${longestUrl} characters`,
    };
  }
  if (!isOwnOrigin(one(headers["origin"]), host) || !isOwnSite(url, headers)) {
    return { status: 403, message: "Cannot answer: the request comes from another site" };
  }
  return undefined;
}

/** Whether an address or a name is this machine's alone. */
export function isLoopback(host: string): boolean {
  const name = bare(host).replace(/^::ffff:/, "");
  return name === "localhost" || name === "::1" || (isIPv4(name) && name.startsWith("127."));
}

/** A page of another site whose name was made to mean this machine still asks for its own name. */
function isAllowedHost(host: string | undefined, allowed: readonly string[]): boolean {
  const name = hostName(host);
  return name !== undefined && (isLoopback(name) || allowed.some((one) => bare(one) === name));
}

/** The name of a `Host`, without its port. */
function hostName(host: string | undefined): string | undefined {
  const [, name] = /^(\[[\da-f:.]+\]|[^:/?#@\s[\]]+)(?::\d{1,5})?$/i.exec(host ?? "") ?? [];
  return name === undefined ? undefined : bare(name);
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
}

function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  const authority = /^https?:\/\/([^/]+)$/i.exec(origin)?.[1];
  return authority !== undefined && authority.toLowerCase() === host?.toLowerCase();
}

/** A link on another site may lead to the page, which holds no data; nothing else may be asked for from there. */
function isOwnSite(url: string, headers: Request["headers"]): boolean {
  const site = one(headers["sec-fetch-site"]);
  if (site === undefined || site === "same-origin" || site === "none") return true;
  const isVisit =
    headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  return isVisit && /^[^?]*\/(\?|$)/.test(url);
}

/** A header that came twice is none that can be trusted. */
function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(", ") : header;
}

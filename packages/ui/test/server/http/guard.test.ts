import { describe, expect, it } from "vitest";
import { isLoopback, refusalOf, type Request } from "../../../src/lib/server/http/guard.ts";

const rules = { allowedHosts: ["sup.example.com"], hasAuth: false };

function status(request: Partial<Request>, given = rules): number | undefined {
  const { headers, ...rest } = request;
  const full = {
    method: "GET",
    url: "/api/v1/tree",
    headers: { host: "localhost:8080", ...headers },
    ...rest,
  };
  return refusalOf(full, given)?.status;
}

describe("refusalOf, by the host that is asked for", () => {
  it.each([
    "localhost",
    "localhost:8080",
    "LOCALHOST:1",
    "localhost.:8080",
    "127.0.0.1",
    "127.0.0.1:8080",
    "127.1.2.3",
    "[::1]",
    "[::1]:8080",
    "sup.example.com",
    "SUP.example.com.:443",
  ])("lets %s in", (host) => {
    expect(status({ headers: { host } })).toBeUndefined();
  });

  it.each([
    "evil.com",
    "evil.com:8080",
    "localhost.evil.com",
    "127.0.0.1.evil.com",
    "evil.com#localhost",
    "evil.com/localhost",
    "localhost@evil.com",
    "localhost:8080@evil.com",
    "localhost:x",
    "localhost, evil.com",
    "[::2]",
    "::1",
    "10.0.0.1",
    "0.0.0.0",
    "other.example.com",
    "example.com",
    "xsup.example.com",
    "",
    " ",
    "[localhost",
    "localhost]",
    "1270.0.1",
    "127.0.0.1:8080:1",
  ])("refuses %j with 421", (host) => {
    expect(status({ headers: { host } })).toBe(421);
  });

  it("refuses a request without a host, or with two", () => {
    expect(status({ headers: { host: undefined } })).toBe(421);
    expect(status({ headers: { host: ["localhost", "evil.com"] } })).toBe(421);
  });

  it("takes the authority of HTTP/2 for the host", () => {
    expect(
      status({ headers: { host: undefined, ":authority": "localhost:8443" } }),
    ).toBeUndefined();
    expect(status({ headers: { host: undefined, ":authority": "evil.com" } })).toBe(421);
  });

  it.each(["http://evil.com/", "http://localhost/", "evil.com:80", "*", ""])(
    "refuses the target %j, which is no path",
    (url) => {
      expect(status({ url })).toBe(421);
    },
  );

  it("names the host and the rule", () => {
    const headers = { host: "evil.com" };
    expect(refusalOf({ method: "GET", url: "/", headers }, rules)?.message).toBe(
      'Cannot answer for host "evil.com": it is not among `allowedHosts`',
    );
  });
});

describe("refusalOf, by the site that it comes from", () => {
  it.each([
    [{}, undefined],
    [{ origin: "http://localhost:8080" }, undefined],
    [{ origin: "https://localhost:8080" }, undefined],
    [{ origin: "http://localhost" }, 403],
    [{ origin: "http://localhost:9090" }, 403],
    [{ origin: "http://evil.com" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "file://localhost:8080" }, 403],
    [{ origin: "" }, 403],
    [{ "sec-fetch-site": "same-origin" }, undefined],
    [{ "sec-fetch-site": "none" }, undefined],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "" }, 403],
    [
      {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
      },
      403,
    ],
  ])("answers data to %o with %s", (headers, expected) => {
    expect(status({ headers })).toBe(expected);
  });

  it.each([
    ["/", "navigate", "document", undefined],
    ["/sup/?q=1", "navigate", "document", undefined],
    ["/", "navigate", "iframe", 403],
    ["/", "no-cors", "document", 403],
    ["/", "cors", "empty", 403],
    ["/app.js", "navigate", "document", 403],
    ["/healthz?/", "navigate", "document", 403],
  ])(
    "answers a link on another site to %s by %s as %s with %s",
    (url, mode, destination, expected) => {
      const headers = {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": mode,
        "sec-fetch-dest": destination,
      };
      expect(status({ url, headers })).toBe(expected);
    },
  );
});

describe("refusalOf, by method, length and address", () => {
  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND"])(
    "refuses %s with 405",
    (method) => {
      expect(status({ method })).toBe(405);
    },
  );

  it("lets HEAD in", () => {
    expect(status({ method: "HEAD" })).toBeUndefined();
  });

  it("refuses a URL of more than 2,048 characters with 414", () => {
    expect(status({ url: `/${"a".repeat(2_047)}` })).toBeUndefined();
    expect(status({ url: `/${"a".repeat(2_048)}` })).toBe(414);
  });

  it("refuses a connection to an address that is not loopback with 403, unless somebody decides who may look", () => {
    expect(status({ localAddress: "192.168.1.7" })).toBe(403);
    expect(status({ localAddress: "fe80::1" })).toBe(403);
    expect(status({ localAddress: "192.168.1.7" }, { ...rules, hasAuth: true })).toBeUndefined();
    expect(status({ localAddress: "127.0.0.1" })).toBeUndefined();
    expect(status({ localAddress: "::ffff:127.0.0.1" })).toBeUndefined();
    expect(status({ localAddress: "::1" })).toBeUndefined();
  });
});

describe("isLoopback", () => {
  it.each(["localhost", "127.0.0.1", "127.255.255.254", "::1", "[::1]", "::ffff:127.0.0.1"])(
    "is so for %s",
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each([
    "0.0.0.0",
    "::",
    "192.168.0.1",
    "127.example.com",
    "localhost.example.com",
    "::ffff:10.0.0.1",
    "127.1",
  ])("is not so for %s", (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

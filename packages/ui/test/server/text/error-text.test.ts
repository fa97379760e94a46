import { describe, expect, it } from "vitest";
import { errorDetails, errorLine } from "../../../src/lib/server/text/error-text.ts";

const hostile = {
  get message(): string {
    throw new Error("touched");
  },
  get cause(): unknown {
    throw new Error("touched");
  },
};

describe("errorLine", () => {
  it.each([
    [new Error("boom"), "boom"],
    [new Error("\n  first\r\nsecond"), "first"],
    [new RangeError(""), "RangeError"],
    [
      new AggregateError([new Error("connect ECONNREFUSED ::1:9000")]),
      "connect ECONNREFUSED ::1:9000",
    ],
    [new AggregateError([]), "AggregateError"],
    ["text", "text"],
    [undefined, "undefined"],
    [null, "null"],
    [{}, "Error"],
    [Object.create(null), "Error"],
    [new Error("x".repeat(1_000)), `${"x".repeat(150)}…${"x".repeat(149)}`],
    [
      new Error(
        "Cannot keep /usr/local/bin/node /srv/app/src/weather-station.js running: it was ended by SIGKILL",
      ),
      "Cannot keep …/node …/weather-station.js running: it was ended by SIGKILL",
    ],
    [
      new Error(
        "Lost the stream of http://127.0.0.1:5022/one/two/three after 12 s, 3 times in a row; gave up",
      ),
      "Lost the stream of http://127.0.0.1:5022/one/two/three after 12 s, 3 times in a row; gave up",
    ],
    [new Error("Cannot open /dev/serial/by-id/usb"), "Cannot open /dev/serial/by-id/usb"],
  ])("says %o in one line", (error, line) => {
    expect(errorLine(error)).toBe(line);
  });

  it.each([
    [
      new TypeError("fetch failed", {
        cause: new Error("request failed", {
          cause: new AggregateError([new Error("connect ECONNREFUSED ::1:9000")]),
        }),
      }),
      "fetch failed: connect ECONNREFUSED ::1:9000",
    ],
    [new Error("read: no answer", { cause: new Error("no answer") }), "read: no answer"],
    [new Error("outer\nmore", { cause: "$& inner\nmore" }), "outer: $& inner"],
    [new RangeError("", { cause: new Error("inner") }), "RangeError: inner"],
    [new Error("outer", { cause: new Error("inner", { cause: new Error("") }) }), "outer: inner"],
    [new Error("outer", { cause: null }), "outer"],
    [
      new Error("x".repeat(1_000), { cause: new Error("inner") }),
      `${"x".repeat(150)}…${"x".repeat(142)}: inner`,
    ],
  ])("says of %o what is behind it", (error, line) => {
    expect(errorLine(error)).toBe(line);
  });

  it("bears what throws when it is looked at", () => {
    expect(errorLine(hostile)).toBe("Error");
  });
});

describe("errorDetails", () => {
  it("follows the causes, outermost first", () => {
    const error = new Error("outer", { cause: new TypeError("middle", { cause: "inner" }) });
    const details = errorDetails(error);
    expect(details.map(({ name, message }) => [name, message])).toEqual([
      ["Error", "outer"],
      ["TypeError", "middle"],
      ["Error", "inner"],
    ]);
    expect(details[0]?.stack).toContain("error-text.test.ts");
    expect(details[2]?.stack).toBeUndefined();
  });

  it("ends where causes go in a circle, or on and on", () => {
    const one: Error = new Error("one");
    one.cause = new Error("two", { cause: one });
    expect(errorDetails(one)).toHaveLength(2);
    let chain = new Error("0");
    for (let depth = 1; depth < 50; depth++) chain = new Error(String(depth), { cause: chain });
    expect(errorDetails(chain)).toHaveLength(10);
  });

  it("bears what throws when it is looked at, and cuts what is too long", () => {
    expect(errorDetails(hostile)).toEqual([{ name: "Error", message: "" }]);
    const long = Object.assign(new Error("x".repeat(10_000)), { stack: "y".repeat(100_000) });
    expect(errorDetails(long)[0]).toMatchObject({
      message: `${"x".repeat(1_999)}…`,
      stack: `${"y".repeat(7_999)}…`,
    });
  });
});

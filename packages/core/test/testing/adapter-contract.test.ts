import { adapterContract, type AdapterFixture } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { Feed, FeedServer, type Flaw } from "./feed.ts";

function fixtureOf(flaw?: Flaw): AdapterFixture<Feed, FeedServer> {
  // One that waits for it shall not come to its end before it is stopped, and one that does not wait be far from it.
  const isFarOff = flaw === "waits for an answer until its deadline" || flaw === "gives up at once";
  const connectTimeout = isFarOff ? 60_000 : 60;
  return {
    start: async () => new FeedServer(),
    create: (server, hook) => new Feed(server, { hook }, flaw),
    createUnanswered: (server) => {
      server.silent = true;
      return new Feed(server, { connectTimeout }, flaw);
    },
    connectTimeout,
    invalid: {
      "a negative capacity": () => new Feed(new FeedServer(), { capacity: -1 }, flaw),
    },
    disconnect: (server) => server.drop(),
    refuse: (server) => {
      server.refusing = true;
      server.drop();
    },
    accept: (server) => {
      server.refusing = false;
    },
    resources: (server) => ({ connections: server.connections.size, others: server.others }),
    requests: {
      send: (feed, id, options) => feed.ask(id, options),
      received: (server) => server.received,
      hold: (server) => {
        server.holding = true;
      },
    },
    reconnects: 60,
    ...(flaw !== undefined && { stopWithin: 150, patience: 150 }),
  };
}

const flaws: [flaw: Flaw, name: string, error: RegExp][] = [
  ["is never ready", "becomes ready and ends cleanly", /^Readiness did not come about/],
  [
    "does not notice a loss",
    "crashes and is started again when the connection is lost",
    /^Readiness number 2 did not come about/,
  ],
  [
    "crashes with errors of no type",
    "crashes and is started again when the connection is lost",
    /^Error "lost" has no `code`/,
  ],
  [
    "crashes with errors of no type",
    "crashes until it is let in when attempts are refused",
    /^Error "lost" has no `code`/,
  ],
  ["crashes when it is stopped", "becomes ready and ends cleanly", /was reported as a crash/],
  [
    "crashes when it is stopped",
    "leaves nothing when it is stopped while it starts",
    /was reported as a crash/,
  ],
  ["is hurt by its hooks", "is not hurt by hooks that throw or reject", /did not come about|hook/],
  ["calls no hook", "is not hurt by hooks that throw or reject", /^No hook was called/],
  ["keeps its connections open", "becomes ready and ends cleanly", /1 connections are left/],
  [
    "keeps its lives in memory",
    "leaves nothing behind over many reconnects",
    /lives are still in memory/,
  ],
  [
    "opens one more each time",
    "leaves nothing behind over many reconnects",
    /^After 60 reconnects \d+ others are left/,
  ],
  [
    "keeps the connection of an attempt that was stopped",
    "leaves nothing when it is stopped while it starts",
    /connections are left/,
  ],
  ["does not heed a stop", "becomes ready and ends cleanly", /^The end of a stop/],
  [
    "waits for an answer until its deadline",
    "stops in time while an attempt to connect is not answered",
    /^The end of a stop did not come about/,
  ],
  [
    "waits for an answer for ever",
    "gives up an attempt to connect that is not answered",
    /^Crash number 1 did not come about/,
  ],
  [
    "gives up at once",
    "gives up an attempt to connect that is not answered",
    /^The attempt was given up/,
  ],
  [
    "leaves what is pending pending",
    "settles a pending request when the connection is lost",
    /its outcome did not come about/,
  ],
  [
    "leaves what is pending pending",
    "settles a pending request when it is stopped",
    /^The end of a stop/,
  ],
  [
    "is slow to settle what is pending",
    "settles a pending request when the connection is lost",
    /^A pending request settled \d+ ms after the connection was lost/,
  ],
  [
    "is slow to settle what is pending",
    "settles a pending request when it is stopped",
    /^A pending request settled \d+ ms after the stop/,
  ],
  [
    "asks again after a loss",
    "settles a pending request when the connection is lost",
    /was sent 2 times/,
  ],
  [
    "forgets what waited",
    "sends what was accepted while disconnected once and in order",
    /^1,2,3 were sent and \S* came/,
  ],
  [
    "sends what was withdrawn",
    "never sends what was withdrawn while disconnected",
    /^1,4 were sent and 1,2,3,4 came/,
  ],
  ["takes any option", "refuses a negative capacity at construction", /was created/],
  ["cannot run again", "runs anew after it was stopped for good", /^A new run crashed/],
];

describe("adapterContract", () => {
  describe("of an adapter that keeps it", () => {
    for (const { name, run } of adapterContract(fixtureOf())) {
      it(`passes: ${name}`, () => expect(run()).resolves.toBeUndefined());
    }
  });

  it.concurrent.each(flaws)("fails when an adapter %s: %s", async (flaw, name, error) => {
    const found = adapterContract(fixtureOf(flaw)).find((each) => each.name === name);
    await expect(found?.run()).rejects.toThrow(error);
  });

  it("says what was promised, what happened instead, and where to read on", async () => {
    const [, recovers] = adapterContract(fixtureOf("crashes with errors of no type"));
    const error = (await recovers?.run().catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toBe(
      [
        'Error "lost" has no `code`',
        "expected: a lost connection is a crash with a typed error, and the next life connects anew",
        "recorded:",
        "  registered feed",
        "  started feed",
        "  ready feed",
        "  stopped feed: lost",
        "  restarting feed: lost",
        "  started feed",
        "  ready feed",
        'read on: "What an adapter promises" in docs/writing-an-adapter.md',
      ].join("\n"),
    );
    expect(error.cause).toEqual(new Error('Error "lost" has no `code`'));
  });

  it("has a flawed adapter for each of its cases", () => {
    const names = adapterContract(fixtureOf()).map(({ name }) => name);
    expect(new Set(flaws.map(([, name]) => name))).toEqual(new Set(names));
  });

  it("leaves out what a fixture cannot do", () => {
    const { createUnanswered, connectTimeout, requests, ...least } = fixtureOf();
    const all = adapterContract(fixtureOf()).length;
    expect([createUnanswered, connectTimeout, requests].includes(undefined)).toBe(false);
    expect(adapterContract(least).length).toBe(all - 6);
  });
});

import { adapterContract, type AdapterFixture } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { Feed, FeedServer, type Flaw } from "./feed.ts";

function fixtureOf(flaw?: Flaw): AdapterFixture<Feed, FeedServer> {
  return {
    start: async () => new FeedServer(),
    create: (server, hook) => new Feed(server, { hook }, flaw),
    createUnanswered: (server) => {
      server.silent = true;
      return new Feed(server, { connectTimeout: 60 }, flaw);
    },
    connectTimeout: 60,
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
    resources: (server) => ({ connections: server.connections.size }),
    requests: {
      send: (feed, id, options) => feed.ask(id, options),
      received: (server) => server.received,
      hold: (server) => {
        server.holding = true;
      },
    },
    reconnects: 60,
    stopWithin: 200,
    patience: 200,
  };
}

describe("adapterContract", () => {
  describe("of an adapter that keeps it", () => {
    for (const { name, run } of adapterContract(fixtureOf())) {
      it(`passes: ${name}`, () => expect(run()).resolves.toBeUndefined());
    }
  });
});

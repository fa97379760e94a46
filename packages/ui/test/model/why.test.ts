import { describe, expect, it } from "vitest";
import { whyOf } from "../../src/lib/model/why.ts";

const feed = { name: "feed", supervisor: "market", policy: "permanent", strategy: "one-for-one" };
const refused = "connect ECONNREFUSED 127.0.0.1:9000";
const limit = { supervisor: "market", actor: "feed", maxRestarts: 3, window: 60_000 };

describe("whyOf", () => {
  it("says which error, which policy and when when an actor is restarted alone", () => {
    expect(whyOf({ ...feed, type: "restarting", error: refused, restart: 3, delay: 1_600 })).toBe(
      `feed crashed: ${refused}; permanent: restart 3 in 1.6 s`,
    );
  });

  it("names who is taken along when a group restarts", () => {
    const group = { ...feed, strategy: "rest-for-one", along: ["band", "tariff"] };
    expect(whyOf({ ...group, type: "restarting", error: refused, restart: 3, delay: 1_600 })).toBe(
      `feed crashed: ${refused}; permanent: restart 3 in 1.6 s, taking along band and tariff (rest-for-one)`,
    );
  });

  it.each([
    [[], " (one-for-all)"],
    [["a"], ", taking along a (one-for-all)"],
    [["a", "b", "c", "d", "e"], ", taking along a, b, c, d and e (one-for-all)"],
    [["a", "b", "c", "d", "e", "f", "g"], ", taking along a, b, c, d, e and 2 more (one-for-all)"],
  ])("names at most five of %j", (along, end) => {
    const line = whyOf({ ...feed, type: "restarting", strategy: "one-for-all", along, restart: 1 });
    expect(line).toBe(`feed ended; permanent: restart 1 at once${end}`);
  });

  it("says who crossed which limit when a supervisor gives up", () => {
    const market = {
      name: "market",
      supervisor: "gateway",
      policy: "permanent",
      strategy: "one-for-one",
    };
    const gaveUp = `feed crossed the limit of 3 restarts in 60 s (${refused}): supervisor "market" gave up`;
    expect(whyOf({ ...market, type: "terminal", error: refused, limit })).toBe(gaveUp);
    expect(whyOf({ ...market, type: "stopped", error: refused, limit })).toBe(gaveUp);
    expect(
      whyOf({ ...market, type: "restarting", error: refused, limit, restart: 1, delay: 1_000 }),
    ).toBe(`${gaveUp}, which "gateway" restarts in 1 s (one-for-one)`);
  });

  it("says that nobody is above when the topmost supervisor gives up", () => {
    expect(whyOf({ name: "market", type: "terminal", limit: { ...limit, maxRestarts: 1 } })).toBe(
      'feed crossed the limit of 1 restart in 60 s: supervisor "market" gave up, and nobody is above it',
    );
  });

  it("says that it stays stopped when an actor is not started again", () => {
    expect(
      whyOf({ ...feed, type: "stopped", policy: "temporary", error: "boom", isOver: true }),
    ).toBe("feed crashed: boom; temporary: it stays stopped");
    expect(whyOf({ ...feed, type: "stopped", error: "boom", isOver: true })).toBe(
      "feed crashed: boom; it stays stopped",
    );
    expect(
      whyOf({
        ...feed,
        type: "abandoned",
        policy: "temporary",
        isOver: true,
        shutdownTimeout: 5_000,
      }),
    ).toBe("feed did not end within 5 s and was left behind; temporary: it stays stopped");
  });

  it("says who was the cause when an actor is stopped with others", () => {
    expect(
      whyOf({ ...feed, type: "stopped", because: "taken along by tariff (one-for-all)" }),
    ).toBe("feed stopped, taken along by tariff (one-for-all)");
    expect(
      whyOf({ ...feed, type: "stopped", isOver: true, because: 'as supervisor "market" gave up' }),
    ).toBe('feed stopped for good, as supervisor "market" gave up');
  });

  it("tells the ordinary in few words", () => {
    expect(whyOf({ ...feed, type: "registered" })).toBe('feed is supervised by "market"');
    expect(whyOf({ name: "gateway", type: "registered" })).toBe("gateway is supervised");
    expect(whyOf({ ...feed, type: "started", restart: 0 })).toBe("feed started");
    expect(whyOf({ ...feed, type: "started", restart: 2 })).toBe("feed started again: restart 2");
    expect(whyOf({ ...feed, type: "ready" })).toBe("feed is ready");
    expect(whyOf({ ...feed, type: "stopped" })).toBe("feed stopped");
    expect(whyOf({ ...feed, type: "abandoned" })).toBe("feed did not end and was left behind");
    expect(whyOf({ ...feed, type: "undelivered", message: "add", error: "it is stopped" })).toBe(
      'message "add" to feed was never handled: it is stopped',
    );
  });
});

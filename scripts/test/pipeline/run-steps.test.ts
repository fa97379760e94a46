import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runSteps } from "../../pipeline/run-steps.ts";
import { Finding, type Step } from "../../pipeline/step.ts";

let events: string[];
let lines: string[];

beforeEach(() => {
  events = [];
  lines = [];
  vi.spyOn(console, "log").mockImplementation((line: unknown) => lines.push(String(line)));
});

afterEach(() => vi.restoreAllMocks());

/** A step that records when it begins and when it ends, a few turns of the event loop later. */
function step(name: string, options: Partial<Step> = {}): Step {
  const run = async () => {
    events.push(`${name} begins`);
    for (let turns = 0; turns < 3; turns++) await Promise.resolve();
    events.push(`${name} ends`);
  };
  return { name, run, ...options };
}

describe("runSteps", () => {
  it("runs two steps at a time", async () => {
    expect(await runSteps([step("a"), step("b"), step("c")])).toEqual([]);
    expect(events.slice(0, 3)).toEqual(["a begins", "b begins", "a ends"]);
    expect(events.at(-1)).toBe("c ends");
  });

  it("starts a step when those it comes after have passed", async () => {
    await runSteps([step("late", { after: ["early"] }), step("early")]);
    expect(events).toEqual(["early begins", "early ends", "late begins", "late ends"]);
  });

  it("runs a step that must be alone alone", async () => {
    await runSteps([step("alone", { alone: true }), step("a")]);
    expect(events).toEqual(["alone begins", "alone ends", "a begins", "a ends"]);
  });

  it("shows the whole finding, and does not run what comes after, when a step fails", async () => {
    const run = () => Promise.reject(new Finding("one\ntwo"));
    const steps = [step("a", { run }), step("b", { after: ["a"] }), step("c", { after: ["b"] })];
    expect(await runSteps(steps)).toEqual(["a", "b", "c"]);
    expect(events).toEqual([]);
    expect(lines.map((line) => line.replace(/ +/g, " "))).toEqual([
      expect.stringMatching(/^FAILED a \d+\.\d s$/),
      "one\ntwo",
      "not run b after a",
      "not run c after b",
    ]);
  });

  it("goes on with what does not depend on a failed step", async () => {
    const run = () => Promise.reject(new Finding("no"));
    expect(await runSteps([step("a", { run }), step("b")])).toEqual(["a"]);
    expect(events).toEqual(["b begins", "b ends"]);
  });

  it("rejects when a step comes after one that is not there", async () => {
    await expect(runSteps([step("a"), step("b", { after: ["c"] })])).rejects.toThrow(
      "Cannot run b: what they come after is not there",
    );
  });
});

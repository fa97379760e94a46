import { type Logger, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

interface Line {
  readonly level: string;
  readonly message: string;
  readonly bindings: Record<string, unknown>;
}

/** A logger in the manner of pino, that keeps its lines. */
function loggerOf(lines: Line[], inherited: Record<string, unknown> = {}): Logger {
  const level =
    (name: string) =>
    (bindings: Record<string, unknown>, message: string): void =>
      void lines.push({ level: name, message, bindings: { ...inherited, ...bindings } });
  return {
    debug: level("debug"),
    info: level("info"),
    warn: level("warn"),
    error: level("error"),
    child: (bindings) => loggerOf(lines, { ...inherited, ...bindings }),
  };
}

describe("logger", () => {
  it("of a context cannot hurt the actor that uses it", async () => {
    const fail = (): never => {
      throw new Error("logger");
    };
    const broken: Logger = {
      debug: fail,
      info: fail,
      warn: fail,
      error: fail,
      child: () => broken,
    };
    const ended: string[] = [];
    for (const logger of [broken, { ...broken, child: fail }]) {
      const worker = new Puppet("worker", {
        script({ context }) {
          context.logger.info({}, "begun");
          context.logger.child({ part: 1 }).warn({}, "half way");
          ended.push("script");
        },
      });
      const root = new Supervisor("root", { actors: [worker], logger });
      root.start();
      expect(root.children[0]?.status).toBe("running");
      await root.stop();
    }
    expect(ended).toEqual(["script", "script"]);
  });

  it("of a context logs what the actor says, in each life", async () => {
    const lines: Line[] = [];
    const worker = new Puppet("worker", {
      script: ({ context }) => context.logger.child({ part: 1 }).info({ n: 2 }, "begun"),
    });
    const root = new Supervisor("root", { actors: [worker], logger: loggerOf(lines) });
    root.start();
    worker.life.crash();
    const waiting = root.children[0]?.restart();
    await pass(1_000);
    await waiting;
    await root.children[0]?.restart();
    await root.stop();
    const begun = lines.filter(({ message }) => message === "begun");
    expect(begun.length).toBe(worker.lives.length);
    expect(begun.at(-1)).toEqual({
      level: "info",
      message: "begun",
      bindings: { actor: "worker", part: 1, n: 2 },
    });
  });

  it("is told of crashes and of what was left behind as errors, with names", async () => {
    const lines: Line[] = [];
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], logger: loggerOf(lines) });
    root.start();
    const error = new Error("boom");
    worker.life.crash(error);
    await pass(1_000);
    worker.life.hang();
    const stopped = root.stop();
    await pass(5_000);
    await stopped;
    const errors = lines.filter(({ level }) => level === "error");
    expect(errors).toEqual([
      {
        level: "error",
        message: "failed",
        bindings: expect.objectContaining({ supervisor: "root", actor: "worker", error }) as object,
      },
      {
        level: "error",
        message: "onActorAbandoned",
        bindings: expect.objectContaining({ supervisor: "root", actor: "worker" }) as object,
      },
    ]);
  });

  it("logs nothing as an error or a warning in a clean run", async () => {
    const lines: Line[] = [];
    const worker = new Puppet("worker", { script: (life) => life.ready() });
    const root = new Supervisor("root", { actors: [worker], logger: loggerOf(lines) });
    root.start();
    await root.stop();
    expect(lines.map(({ level }) => level)).not.toContain("error");
    expect(lines.map(({ level }) => level)).not.toContain("warn");
  });

  it("is given to each life, bound to the actor's name", async () => {
    const lines: Line[] = [];
    const worker = new Puppet("worker", {
      script: ({ context: { logger } }) => logger.info({ port: 502 }, "connected"),
    });
    const root = new Supervisor("root", { actors: [worker], logger: loggerOf(lines) });
    root.start();
    await root.stop();
    expect(lines.filter(({ level }) => level === "info")).toEqual([
      { level: "info", message: "connected", bindings: { actor: "worker", port: 502 } },
    ]);
  });

  it("is inherited by nested supervisors that have none, and not by those that have", async () => {
    const [outer, inner]: [Line[], Line[]] = [[], []];
    const say = (name: string): Puppet =>
      new Puppet(name, { script: ({ context }) => context.logger.info({}, "hello") });
    const without = new Supervisor("without", { actors: [say("heir")] });
    const having = new Supervisor("having", { actors: [say("own")], logger: loggerOf(inner) });
    const root = new Supervisor("root", {
      actors: [without, having, say("top")],
      logger: loggerOf(outer),
    });
    root.start();
    const speakers = (lines: Line[]): unknown[] =>
      lines.filter(({ level }) => level === "info").map(({ bindings }) => bindings["actor"]);
    expect([speakers(outer), speakers(inner)]).toEqual([["heir", "top"], ["own"]]);
    await root.stop();
  });

  it("logs nothing and costs nobody anything when none is given", async () => {
    const worker = new Puppet("worker", {
      script: ({ context: { logger } }) => {
        logger.child({ deep: true }).child({ deeper: true }).error({}, "to nobody");
      },
    });
    const root = new Supervisor("root", { actors: [worker] });
    root.start();
    expect(worker.life.state).toBe("running");
    await root.stop();
  });

  const failures: [how: string, fail: () => unknown][] = [
    [
      "throws",
      () => {
        throw new Error("disk full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("disk full"))],
  ];

  it.each(failures)("changes nothing when it %s", async (_, fail) => {
    const onUnhandled = vi.fn();
    process.on("unhandledRejection", onUnhandled);
    const logger = {
      debug: fail,
      info: fail,
      warn: fail,
      error: fail,
      child: () => logger,
    } as Logger;
    const recorder = new Recorder();
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], logger, observer: recorder });
    root.start();
    worker.life.crash(new Error("boom"));
    await pass(1_000);
    await root.stop();
    expect(recorder.lines).toEqual([
      "registered worker",
      "started worker",
      "stopped worker: boom",
      "restarting worker: boom",
      "started worker",
      "stopped worker",
    ]);
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 1));
    vi.useFakeTimers();
    process.off("unhandledRejection", onUnhandled);
    expect(onUnhandled).not.toHaveBeenCalled();
  });
});

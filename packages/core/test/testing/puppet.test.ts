import { Mailbox, Supervisor } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { pass, useFakeTime } from "./clock.ts";

useFakeTime();

describe("Puppet", () => {
  it("refuses commands before its first life", () => {
    expect(() => new Puppet("worker").life).toThrow(
      'Cannot command puppet "worker": it has not been started',
    );
  });

  it("keeps all its lives, and says whether one runs", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker] });
    expect([worker.lives, worker.isRunning]).toEqual([[], false]);
    root.start();
    worker.life.crash();
    expect(worker.isRunning).toBe(false);
    await pass(1_000);
    expect([worker.lives.length, worker.isRunning]).toEqual([2, true]);
    expect(worker.life).toBe(worker.lives[1]);
    await root.stop();
    expect(worker.lives.map(({ state }) => state)).toEqual(["ended", "ended"]);
  });

  it("crashes with the error that it is given, or with one of its own", async () => {
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], restartDelay: 0 });
    root.start();
    const messages: (string | undefined)[] = [];
    for (const command of ["crash", "fail"] as const) {
      worker.life[command](new Error("boom"));
      await pass(1);
      messages.push(root.children[0]?.lastError?.message);
      worker.life[command]();
      await pass(1);
      messages.push(root.children[0]?.lastError?.message);
    }
    const own = 'Puppet "worker" was told to crash';
    expect(messages).toEqual(["boom", own, "boom", own]);
    await root.stop();
  });

  it("heeds its signal until it is told to hang", async () => {
    const [obedient, stubborn] = [new Puppet("obedient"), new Puppet("stubborn")];
    const root = new Supervisor("root", { actors: [stubborn, obedient] });
    root.start();
    stubborn.life.hang();
    expect(stubborn.life.state).toBe("running");
    const stopped = root.stop();
    await pass();
    expect([obedient.life.state, stubborn.life.state]).toEqual(["ended", "hanging"]);
    expect([obedient.isRunning, stubborn.isRunning]).toEqual([false, true]);
    stubborn.life.end();
    await stopped;
  });

  it("plays its script in each life, on a stopped one too", async () => {
    const worker = new Puppet("worker", { script: (life) => life.ready() });
    const root = new Supervisor("root", { actors: [worker] });
    root.start();
    expect(root.children[0]?.status).toBe("ready");
    worker.life.crash();
    await pass(1_000);
    expect(root.children[0]?.status).toBe("ready");
    await root.stop();
    const { life } = worker;
    const run = worker.run(life.context);
    expect(worker.life.state).toBe("ended");
    await run;
  });

  it("has the mailbox that it is given", () => {
    const mailbox = new Mailbox();
    expect(new Puppet("worker", { mailbox }).mailbox).toBe(mailbox);
  });
});

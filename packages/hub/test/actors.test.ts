import { actor, ActorCrashedError, Mailbox, Supervisor } from "@sup/core";
import { afterEach, describe, expect, it } from "vitest";
import { leastLoaded, RetryError, roundRobin } from "../src/index.ts";

interface Job {
  readonly id: number;
  /** The names of workers that crash on it. */
  readonly crashes?: readonly string[];
}

interface Counting {
  add(value: number): void;
}

function createWorker(name: string) {
  return actor(name, () => {
    let processed = 0;
    let reloads = 0;
    return {
      process(job: Job) {
        if (job.crashes?.includes(name) === true) throw new Error(`${name} crashed`);
        processed++;
        return `${name} did job ${job.id}`;
      },
      reload() {
        reloads++;
      },
      stats: () => ({ name, processed, reloads }),
    };
  });
}

const running: Supervisor[] = [];

/** Three workers that run under a supervisor. */
function startWorkers() {
  const workers = ["worker-a", "worker-b", "worker-c"].map(createWorker);
  const root = new Supervisor("root", { actors: workers, policy: "permanent", restartDelay: 0 });
  running.push(root);
  root.start();
  return workers;
}

afterEach(async () => {
  for (const root of running.splice(0)) await root.stop();
});

describe("Hub of supervised actors", () => {
  it("sends, asks, and asks again elsewhere, as the README shows", async () => {
    const [workerA, workerB, workerC] = startWorkers();
    const hub = roundRobin([workerA!, workerB!, workerC!]);
    const job: Job = { id: 7 };

    hub.next().cast("process", job);
    hub.sticky("customer-42").cast("process", job);
    hub.broadcast((worker) => worker.cast("reload"));
    const results = await hub.fanOutWait((worker) => worker.call("stats"));
    const value = await hub.retry(3, (worker, { signal }) =>
      worker.call("process", job, { signal }),
    );

    expect(results.map(({ name }) => name)).toEqual(["worker-a", "worker-b", "worker-c"]);
    expect(results.map(({ reloads }) => reloads)).toEqual([1, 1, 1]);
    expect(results.map(({ processed }) => processed)).toEqual([2, 0, 0]);
    expect(value).toBe("worker-b did job 7");
  });

  it("finds a worker that can when others crash, and tells of all crashes when none can", async () => {
    const hub = roundRobin(startWorkers());
    const process = (job: Job) =>
      hub.retry(3, (worker, { signal }) => worker.call("process", job, { signal }));
    expect(await process({ id: 1, crashes: ["worker-a", "worker-b"] })).toBe("worker-c did job 1");
    const error = await process({ id: 2, crashes: ["worker-a", "worker-b", "worker-c"] }).catch(
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(RetryError);
    expect((error as RetryError).errors.map((each) => (each as Error).message)).toEqual([
      "worker-a crashed",
      "worker-b crashed",
      "worker-c crashed",
    ]);
  });

  it("rejects calls that a life left behind, and lets retry go on with another", async () => {
    const lost = actor("lost", ({ fail }) => ({
      process() {
        fail(new Error("line cut"));
        return new Promise<string>(() => {});
      },
    }));
    const sound = actor("sound", () => ({ process: () => "done" }));
    const root = new Supervisor("root", { actors: [lost, sound], shutdownTimeout: 1 });
    running.push(root);
    root.start();
    const hub = roundRobin<typeof lost | typeof sound>([lost, sound]);
    const errors: unknown[] = [];
    const value = await hub.retry(2, (worker) => worker.call("process"), {
      retryIf: (error) => errors.push(error) > 0,
    });
    expect(value).toBe("done");
    expect(errors).toEqual([expect.any(ActorCrashedError)]);
  });

  it("withdraws a call from its worker when the retry is given up", async () => {
    const idle = [createWorker("idle-a"), createWorker("idle-b")];
    const hub = roundRobin(idle);
    const giveUp = new AbortController();
    const retrying = hub.retry(
      2,
      (worker, { signal }) => worker.call("process", { id: 1 }, { signal }),
      { signal: giveUp.signal },
    );
    await Promise.resolve();
    expect(idle[0]!.mailbox.length).toBe(1);
    giveUp.abort();
    await expect(retrying).rejects.toBe(giveUp.signal.reason);
    expect(idle.map(({ mailbox }) => mailbox.length)).toEqual([0, 0]);
  });
});

describe("leastLoaded of actors and mailboxes", () => {
  it("passes over the longer queue", () => {
    const idle = [createWorker("busy"), createWorker("free")];
    idle[0]!.cast("reload");
    const hub = leastLoaded(idle);
    for (let turn = 0; turn < 20; turn++) expect(hub.next()).toBe(idle[1]);

    const mailboxes = [new Mailbox<Counting>(), new Mailbox<Counting>()];
    mailboxes[0]!.tryCast("add", 1);
    const queues = leastLoaded(mailboxes);
    for (let turn = 0; turn < 20; turn++) expect(queues.next()).toBe(mailboxes[1]);
  });
});

import {
  type Child,
  type RestartPolicy,
  type Strategy,
  Supervisor,
  type SupervisorObserver,
  type SupervisorOptions,
} from "@sup/core";
import { Puppet } from "@sup/core/testing";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

interface LeafPlan {
  readonly kind: "leaf";
  readonly policy: RestartPolicy;
  /** What each life does when it begins. */
  readonly script: "nothing" | "ready" | "crash" | "end" | "throw" | "hang";
}

interface BranchPlan {
  readonly kind: "branch";
  readonly policy: RestartPolicy;
  readonly strategy: Strategy;
  readonly startup: "concurrent" | "ordered";
  readonly limit: number | undefined;
  readonly children: readonly (LeafPlan | BranchPlan)[];
}

type Step =
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "crash" | "end" | "fail" | "finish" | "ready" | "hang"; readonly leaf: number }
  | { readonly do: "stop child" | "restart child"; readonly child: number }
  | { readonly do: "spawn"; readonly branch: number };

const policy = fc.constantFrom<RestartPolicy>("permanent", "transient", "temporary");

const leafPlan: fc.Arbitrary<LeafPlan> = fc.record({
  kind: fc.constant("leaf" as const),
  policy,
  script: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("nothing" as const, "ready" as const) },
    { weight: 1, arbitrary: fc.constantFrom("crash", "end", "throw", "hang" as const) },
  ),
});

const { tree } = fc.letrec<{ tree: BranchPlan; node: LeafPlan | BranchPlan }>((tie) => ({
  tree: fc.record({
    kind: fc.constant("branch" as const),
    policy,
    strategy: fc.constantFrom<Strategy>("one-for-one", "one-for-all", "rest-for-one"),
    startup: fc.constantFrom("concurrent" as const, "ordered" as const),
    limit: fc.option(fc.nat(3), { nil: undefined }),
    children: fc.array(tie("node"), { minLength: 1, maxLength: 4 }),
  }),
  node: fc.oneof({ maxDepth: 3, depthSize: "small" }, leafPlan, tie("tree")),
}));

const index = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(0, 1, 9, 10, 11, 50, 200) }),
  fc.record({
    do: fc.constantFrom("crash", "end", "fail", "finish", "ready", "hang" as const),
    leaf: index,
  }) as fc.Arbitrary<Step>,
  fc.record({ do: fc.constantFrom("stop child" as const, "restart child" as const), child: index }),
  fc.record({ do: fc.constant("spawn" as const), branch: index }),
);

const delay = 10;
const grace = 50;
const window = 500;

/** A tree of puppets grown from a plan, with everything that was seen of it. */
class Grove {
  readonly root: Supervisor;
  readonly branches: Supervisor[] = [];
  readonly leaves: Puppet[] = [];
  /** What must never happen, and did. */
  readonly faults: string[] = [];
  /** Children whose `done` has been asked for, and those for which it settled. */
  readonly asked: Set<Child> = new Set();
  readonly settled: Set<Child> = new Set();
  /** Names in the order in which lives ended. */
  readonly ended: string[] = [];

  constructor(plan: BranchPlan) {
    this.root = this.#branch({ ...plan, limit: undefined, policy: "permanent" }, "root");
  }

  children(): Child[] {
    const below = (supervisor: Supervisor): Child[] =>
      supervisor.children.flatMap((child) => [
        child,
        ...(child.actor instanceof Supervisor ? below(child.actor) : []),
      ]);
    return below(this.root);
  }

  ask(): void {
    for (const child of this.children()) {
      if (this.asked.has(child)) continue;
      this.asked.add(child);
      child.done.then(
        () => this.settled.add(child),
        () => this.faults.push(`done of ${child.actor.name} rejected`),
      );
    }
  }

  leaf(plan: LeafPlan, name: string): Puppet {
    const puppet = new Puppet(name, {
      script: (life) => {
        const others = puppet.lives.filter(({ state }) => state === "running");
        if (others.length > 1) this.faults.push(`${name} has ${others.length} lives at a time`);
        if (plan.script === "ready") life.ready();
        else if (plan.script === "crash") life.crash();
        else if (plan.script === "end") life.end();
        else if (plan.script === "hang") life.hang();
        else if (plan.script === "throw") throw new Error("thrown at once");
      },
    });
    this.leaves.push(puppet);
    return puppet;
  }

  /** Statuses that do not fit to what the puppets do. */
  check(): void {
    for (const { actor, status, restarts } of this.children()) {
      if (!(actor instanceof Puppet)) continue;
      const life = actor.lives.at(-1);
      const says = `${actor.name} is ${status} and ${life?.state ?? "without a life"}`;
      const isActive = status === "running" || status === "ready";
      if (life?.state === "running" && !isActive && status !== "stopping") this.faults.push(says);
      if (life?.state === "hanging" && isActive) this.faults.push(says);
      const told = life?.context.restarts;
      if (isActive && told !== restarts) this.faults.push(`${says}: ${told} is not ${restarts}`);
    }
    JSON.stringify(this.root.snapshot());
  }

  #branch(plan: BranchPlan, name: string): Supervisor {
    const actors = plan.children.map((child, at) => ({
      actor:
        child.kind === "leaf"
          ? this.leaf(child, `${name}.${at}`)
          : this.#branch(child, `${name}.${at}`),
      policy: child.policy,
    }));
    const options: SupervisorOptions = {
      actors,
      strategy: plan.strategy,
      startup: plan.startup,
      restartDelay: delay,
      shutdownTimeout: grace,
      observer: this.#observer(name, plan),
      ...(plan.limit !== undefined && { restartLimit: { maxRestarts: plan.limit, window } }),
    };
    const branch = new Supervisor(name, options);
    this.branches.push(branch);
    return branch;
  }

  /** Watches the limit of the branch of this name, and at the root the order of the ends. */
  #observer(name: string, { limit = Infinity, strategy }: BranchPlan): SupervisorObserver {
    const restarts = new Map<string, number[]>();
    const keyOf = (actor: string): string => (strategy === "one-for-one" ? actor : "group");
    const isOwn = (actor: string): boolean => /^\.\d+$/.test(actor.slice(name.length));
    const ended = ({ name: actor }: { name: string }): void => {
      if (name === "root") this.ended.push(actor);
    };
    return {
      onActorStopped: ended,
      onActorAbandoned: ended,
      // When the first of the listed ones comes anew so does the branch, and its count.
      onActorRegistered: ({ name: actor }) => {
        if (actor === `${name}.0`) restarts.clear();
      },
      onActorRestarting: ({ name: actor }, _, __, wait) => {
        // Those that were asked for have no delay, and do not count.
        if (!isOwn(actor) || wait === 0) return;
        const now = performance.now();
        const times = restarts.get(keyOf(actor)) ?? [];
        restarts.set(
          keyOf(actor),
          [...times, now].filter((time) => now - time <= window),
        );
        if (restarts.get(keyOf(actor))!.length > limit) this.faults.push(`${actor} came too often`);
      },
    };
  }
}

async function take(grove: Grove, steps: readonly Step[]): Promise<void> {
  for (const each of steps) {
    grove.ask();
    if (each.do === "wait") {
      await pass(each.ms);
    } else if (each.do === "spawn") {
      const branch = grove.branches[each.branch % grove.branches.length]!;
      const plan: LeafPlan = { kind: "leaf", policy: "transient", script: "ready" };
      try {
        branch.spawn(grove.leaf(plan, `${branch.name}.9${grove.leaves.length}`));
      } catch {
        // It has been stopped.
      }
    } else if ("child" in each) {
      const children = grove.children();
      const child = children[each.child % children.length];
      if (each.do === "stop child") void child?.stop();
      else void child?.restart().catch(() => {});
    } else {
      const leaf = grove.leaves[each.leaf % grove.leaves.length]!;
      const life = leaf.lives.at(-1);
      if (life?.state === "running") life[each.do]();
    }
    grove.check();
  }
}

/** The order of the stops of a quiet tree: depth first, the last child first. */
function reverseOrder(supervisor: Supervisor): string[] {
  return supervisor.children
    .filter(({ status }) => status === "running" || status === "ready")
    .toReversed()
    .flatMap(({ actor }) => [
      ...(actor instanceof Supervisor ? reverseOrder(actor) : []),
      actor.name,
    ]);
}

describe("a random tree", () => {
  it("under random crashes, hangs, stops and restarts keeps its word, and leaves nothing when it is stopped at any moment", async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(step, { maxLength: 25 }), async (plan, steps) => {
        const grove = new Grove(plan);
        const failed = grove.root.run().then(
          () => "ended",
          (error: unknown) => error,
        );
        await take(grove, steps);
        const stopped = grove.root.stop();
        grove.ask();
        // Each level may leave one life after the other behind.
        await pass(grace * (grove.leaves.length + 1) * 2);
        await stopped;

        expect(await failed).toBe("ended");
        expect(grove.faults).toEqual([]);
        expect(vi.getTimerCount()).toBe(0);
        const running = grove.leaves.filter(({ lives }) =>
          lives.some(({ state }) => state === "running"),
        );
        expect(running.map(({ name }) => name)).toEqual([]);
        // Those of a branch whose turn to start never came are as they were made.
        grove.ask();
        await pass();
        const over = [...grove.asked].filter(
          ({ supervisor }) => supervisor.snapshot().status !== "starting",
        );
        expect(over.filter((child) => !grove.settled.has(child))).toEqual([]);
        for (const { status } of over) expect(["stopped", "failed", "abandoned"]).toContain(status);
        for (const { name, lives } of grove.leaves) {
          expect([name, lives.filter(({ context }) => !context.signal.aborted)]).toEqual([
            name,
            [],
          ]);
        }

        // It can be started again, and stopped.
        for (const { lives } of grove.leaves) for (const life of lives) life.end();
        grove.root.start();
        await pass(delay * 5);
        const again = grove.root.stop();
        await pass(grace * (grove.leaves.length + 1) * 2);
        await again;
        for (const { lives } of grove.leaves) for (const life of lives) life.end();
        expect(grove.faults).toEqual([]);
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("that is quiet stops in the reverse of the order in which it was started, at every level", async () => {
    const quietLeaf = leafPlan.map((plan) => ({ ...plan, script: "ready" as const }));
    const { quiet } = fc.letrec<{ quiet: BranchPlan; node: LeafPlan | BranchPlan }>((tie) => ({
      quiet: fc.record({
        kind: fc.constant("branch" as const),
        policy,
        strategy: fc.constantFrom<Strategy>("one-for-one", "one-for-all", "rest-for-one"),
        startup: fc.constantFrom("concurrent" as const, "ordered" as const),
        limit: fc.constant(undefined),
        children: fc.array(tie("node"), { minLength: 1, maxLength: 5 }),
      }),
      node: fc.oneof({ maxDepth: 4, depthSize: "small" }, quietLeaf, tie("quiet")),
    }));
    await fc.assert(
      fc.asyncProperty(quiet, fc.array(fc.nat(40), { maxLength: 5 }), async (plan, crashes) => {
        const grove = new Grove(plan);
        grove.root.start();
        await pass();
        for (const at of crashes) {
          const { lives } = grove.leaves[at % grove.leaves.length]!;
          if (lives.at(-1)?.state === "running") lives.at(-1)?.crash();
          await pass(delay + 1);
        }
        const expected = reverseOrder(grove.root);
        grove.ended.length = 0;
        await grove.root.stop();
        expect(grove.ended).toEqual(expected);
        expect(grove.faults).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

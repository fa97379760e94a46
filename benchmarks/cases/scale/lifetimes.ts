import { setImmediate } from "node:timers/promises";
import { actor, Supervisor } from "@sup/core";
import type { Workload } from "../../lib/bench-case.ts";
import { checkCount } from "../../lib/values.ts";

/** Spawns that many actors; done when each of them has run its setup. */
export function spawnAll(): Workload {
  const crowd = new Crowd();
  return { sample: (count) => crowd.spawn(count), afterSample: () => crowd.stop() };
}

/** One cast to each of that many new actors; done when each has handled it. */
export function castToAll(): Workload {
  const crowd = new Crowd();
  return {
    beforeSample: (count) => crowd.spawn(count),
    sample: () => crowd.cast(),
    afterSample: () => crowd.stop(),
  };
}

/** Stops that many actors by stopping their supervisor. */
export function stopAll(): Workload {
  const crowd = new Crowd();
  return { beforeSample: (count) => crowd.spawn(count), sample: () => crowd.stop() };
}

/** Actors under one supervisor. */
class Crowd {
  #root = new Supervisor("root");
  #members: ReturnType<Crowd["createMember"]>[] = [];
  #started = 0;
  #handled = 0;

  async spawn(count: number): Promise<void> {
    this.#root = new Supervisor("root");
    this.#root.start();
    this.#members = [];
    this.#started = 0;
    for (let index = 0; index < count; index += 1) {
      const member = this.createMember();
      this.#root.spawn(member);
      this.#members.push(member);
    }
    while (this.#started < count) await setImmediate();
    checkCount(this.#started, count);
  }

  async cast(): Promise<void> {
    this.#handled = 0;
    for (const member of this.#members) member.cast("add", 1);
    while (this.#handled < this.#members.length) await setImmediate();
    checkCount(this.#handled, this.#members.length);
  }

  async stop(): Promise<void> {
    await this.#root.stop();
    checkCount(this.#root.children.length, 0);
  }

  createMember() {
    return actor("member", () => {
      this.#started += 1;
      return {
        add: (value: number) => {
          this.#handled += value;
        },
      };
    });
  }
}

import { setImmediate } from "node:timers/promises";
import { actor, Supervisor } from "@sup/core";
import { checkCount } from "../../lib/values.ts";

/** Actors with state, evenly spread over supervisors. */
export class Crowd {
  readonly #supervisors: Supervisor[] = [];
  readonly #members: ReturnType<Crowd["createMember"]>[] = [];
  #started = 0;
  #handled = 0;

  /** Done when each actor has run its setup. */
  async spawn(count: number, perSupervisor: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      if (index % perSupervisor === 0) this.#addSupervisor();
      const member = this.createMember();
      this.#supervisors.at(-1)?.spawn(member);
      this.#members.push(member);
    }
    while (this.#started < count) await setImmediate();
    checkCount(this.#started, count);
  }

  /** Sends one message to each; done when each has handled it. */
  async cast(): Promise<void> {
    for (const member of this.#members) void member.cast("add", 1);
    while (this.#handled < this.#members.length) await setImmediate();
    checkCount(this.#handled, this.#members.length);
  }

  /** Stops one supervisor after the other. */
  async stop(): Promise<void> {
    for (const supervisor of this.#supervisors) {
      await supervisor.stop();
      checkCount(supervisor.children.length, 0);
    }
  }

  #addSupervisor(): void {
    const supervisor = new Supervisor("supervisor");
    supervisor.start();
    this.#supervisors.push(supervisor);
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

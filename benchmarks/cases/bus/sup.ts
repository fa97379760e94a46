import { type Computed, computed, type Trigger, trigger } from "@sup/bus";
import { type Actor, Supervisor } from "@sup/core";
import { type Listener, neighbours, type Network, type Peer } from "./peer.ts";

/** Values under a supervisor, and a trigger that is written to. */
export const sup: Peer = {
  name: "@sup/bus",

  line(listener) {
    const { source, actors } = lineFromTrigger(listener);
    return run(actors, writer(source));
  },

  fanOut(count, listener) {
    const source = trigger("source", nothing, { initialValue: 0 });
    for (let index = 0; index < count; index += 1) source.onChange(() => listener(source.read()));
    return run([source], writer(source));
  },

  net({ width, depth }, evaluated, listener) {
    const source = trigger("source", nothing, { initialValue: 0 });
    const all: Computed<number>[] = [];
    let layer = Array.from({ length: width }, (_, index) =>
      computed(
        `0/${index}`,
        () => {
          evaluated();
          return source.read() + 1;
        },
        [source],
      ),
    );
    all.push(...layer);
    for (let row = 1; row < depth; row += 1) {
      const above = layer;
      layer = above.map((_, index) => {
        const [left, right] = neighbours(index, width).map((at) => above[at]!) as Pair;
        return computed(
          `${row}/${index}`,
          () => {
            evaluated();
            return left.read() + right.read();
          },
          [left, right],
        );
      });
      all.push(...layer);
    }
    const last = layer;
    const sum = computed(
      "sum",
      () => {
        evaluated();
        let total = 0;
        for (const one of last) total += one.read();
        return total;
      },
      last,
    );
    sum.onChange(() => listener(sum.read()));
    return run([source, ...all, sum], writer(source));
  },
};

/** Each write is awaited, though all that it does is done already. */
export const supAwaited: Pick<Peer, "line" | "name"> = {
  name: "@sup/bus, awaited",

  line(listener) {
    const { source, actors } = lineFromTrigger(listener);
    return run(actors, (value) => source.write(value));
  },
};

/** Each write may be withdrawn, so that it goes through the trigger's mailbox, and is awaited. */
export const supQueued: Pick<Peer, "line" | "name"> = {
  name: "@sup/bus, queued",

  line(listener) {
    const { source, actors } = lineFromTrigger(listener);
    const { signal } = new AbortController();
    return run(actors, (value) => source.write(value, { signal }));
  },
};

/** A source that a user wrote, which changes without a mailbox: as directly as that of the other libraries. */
export const supWithOwnProvider: Pick<Peer, "line" | "name"> = {
  name: "@sup/bus, own provider",

  line(listener) {
    const source = new OwnProvider();
    const more = computed("more", () => source.read() + 1, [source]);
    more.onChange(() => listener(more.read()));
    return run([more], (value) => source.write(value));
  },
};

function lineFromTrigger(listener: Listener): {
  readonly source: Trigger<number, number>;
  readonly actors: readonly Actor[];
} {
  const source = trigger("source", nothing, { initialValue: 0 });
  const more = computed("more", () => source.read() + 1, [source]);
  more.onChange(() => listener(more.read()));
  return { source, actors: [source, more] };
}

type Pair = [Computed<number>, Computed<number>];

class OwnProvider {
  readonly #listeners: (() => void)[] = [];
  #value = 0;

  read(): number {
    return this.#value;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.push(listener);
    return () => this.#listeners.splice(this.#listeners.indexOf(listener), 1);
  }

  write(value: number): void {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}

/** A write that was done at once need not be awaited: its value is there. */
function writer(source: Trigger<number, number>): Network["write"] {
  return (value) => {
    const written = source.write(value);
    return source.read() === value ? undefined : written;
  };
}

async function run(actors: readonly Actor[], write: Network["write"]): Promise<Network> {
  const root = new Supervisor("root", { actors });
  root.start();
  // Another value than the first one: this write is over when it can be read.
  await write(-1);
  return { write, stop: () => root.stop() };
}

function nothing(_: number): void {}

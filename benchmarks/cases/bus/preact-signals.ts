import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { neighbours, type Peer } from "./peer.ts";

export const preactSignals: Peer = {
  name: "@preact/signals-core",

  line(listener) {
    const source = signal(0);
    const more = computed(() => source.value + 1);
    effect(() => listener(more.value));
    return { write: (value) => void (source.value = value) };
  },

  fanOut(count, listener) {
    const source = signal(0);
    for (let index = 0; index < count; index += 1) effect(() => listener(source.value));
    return { write: (value) => void (source.value = value) };
  },

  net({ width, depth }, evaluated, listener) {
    const source = signal(0);
    let layer: ReadonlySignal<number>[] = Array.from({ length: width }, () =>
      computed(() => {
        evaluated();
        return source.value + 1;
      }),
    );
    for (let row = 1; row < depth; row += 1) {
      const above = layer;
      layer = above.map((_, index) => {
        const [left, right] = neighbours(index, width).map((at) => above[at]!) as [Value, Value];
        return computed(() => {
          evaluated();
          return left.value + right.value;
        });
      });
    }
    const sum = computed(() => {
      evaluated();
      let total = 0;
      for (const one of layer) total += one.value;
      return total;
    });
    effect(() => listener(sum.value));
    return { write: (value) => void (source.value = value) };
  },
};

type Value = ReadonlySignal<number>;

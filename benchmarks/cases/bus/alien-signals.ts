import { computed, effect, signal } from "alien-signals";
import { neighbours, type Peer } from "./peer.ts";

export const alienSignals: Peer = {
  name: "alien-signals",

  line(listener) {
    const source = signal(0);
    const more = computed(() => source() + 1);
    effect(() => listener(more()));
    return { write: (value) => source(value) };
  },

  fanOut(count, listener) {
    const source = signal(0);
    for (let index = 0; index < count; index += 1) effect(() => listener(source()));
    return { write: (value) => source(value) };
  },

  net({ width, depth }, evaluated, listener) {
    const source = signal(0);
    let layer = Array.from({ length: width }, () =>
      computed(() => {
        evaluated();
        return source() + 1;
      }),
    );
    for (let row = 1; row < depth; row += 1) {
      const above = layer;
      layer = above.map((_, index) => {
        const [left, right] = neighbours(index, width).map((at) => above[at]!) as [Read, Read];
        return computed(() => {
          evaluated();
          return left() + right();
        });
      });
    }
    const sum = computed(() => {
      evaluated();
      let total = 0;
      for (const one of layer) total += one();
      return total;
    });
    effect(() => listener(sum()));
    return { write: (value) => source(value) };
  },
};

type Read = () => number;

import { BehaviorSubject, combineLatest, map, type Observable, shareReplay } from "rxjs";
import { neighbours, type Peer } from "./peer.ts";

/** Without `distinctUntilChanged`, which would compare values to hide some of what is computed in vain. */
export const rxjs: Peer = {
  name: "rxjs",

  line(listener) {
    const source = new BehaviorSubject(0);
    shared(source, (value) => value + 1).subscribe(listener);
    return { write: (value) => source.next(value) };
  },

  fanOut(count, listener) {
    const source = new BehaviorSubject(0);
    for (let index = 0; index < count; index += 1) source.subscribe(listener);
    return { write: (value) => source.next(value) };
  },

  net({ width, depth }, evaluated, listener) {
    const source = new BehaviorSubject(0);
    let layer: Observable<number>[] = Array.from({ length: width }, () =>
      shared(source, (value) => {
        evaluated();
        return value + 1;
      }),
    );
    for (let row = 1; row < depth; row += 1) {
      const above = layer;
      layer = above.map((_, index) =>
        shared(combineLatest(neighbours(index, width).map((at) => above[at]!)), (pair) => {
          evaluated();
          return pair[0]! + pair[1]!;
        }),
      );
    }
    combineLatest(layer)
      .pipe(
        map((values) => {
          evaluated();
          let total = 0;
          for (const one of values) total += one;
          return total;
        }),
      )
      .subscribe(listener);
    return { write: (value) => source.next(value) };
  },
};

/** One evaluation for all that subscribe, who get the current value first: what a computed value is elsewhere. */
function shared<In>(source: Observable<In>, compute: (value: In) => number): Observable<number> {
  return source.pipe(map(compute), shareReplay({ bufferSize: 1, refCount: true }));
}

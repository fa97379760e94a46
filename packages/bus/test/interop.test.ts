import { Readable } from "node:stream";
import { computed, type Provider, trigger } from "@sup/bus";
import { from, map, take, toArray } from "rxjs";
import { describe, expect, it, vi } from "vitest";
import { run, settled } from "./scene.ts";

/** A running trigger that is written 1, 2, 3 as soon as somebody waits. */
function source() {
  const value = trigger("value", (_: number) => {}, { initialValue: 0 });
  run([value]);
  const write = async (): Promise<void> => {
    for (const next of [1, 2, 3]) await value.write(next);
  };
  return { value, write };
}

describe("subscribe: works without adapters (B10)", () => {
  it("with `for await`", async () => {
    const { value, write } = source();
    const subscription = value.subscribe();
    await write();
    const got: number[] = [];
    for await (const next of subscription) {
      got.push(next);
      if (got.length === 3) break;
    }
    expect(got).toEqual([1, 2, 3]);
  });

  it("with `Readable.from`, whose destruction ends it", async () => {
    const { value, write } = source();
    const subscription = value.subscribe();
    const readable = Readable.from(subscription);
    await write();
    const got: unknown[] = [];
    for await (const chunk of readable) {
      got.push(chunk);
      if (got.length === 3) break;
    }
    await settled();
    expect(got).toEqual([1, 2, 3]);
    expect(await subscription.next()).toEqual({ value: undefined, done: true });
  });

  it("with `from` of RxJS, which completes when it ends", async () => {
    const { value, write } = source();
    const subscription = value.subscribe();
    const results: number[][] = [];
    from(subscription)
      .pipe(
        map((next) => next * 10),
        take(3),
        toArray(),
      )
      .subscribe((all) => void results.push(all));
    await write();
    await settled();
    expect(results).toEqual([[10, 20, 30]]);

    const controller = new AbortController();
    const complete = vi.fn();
    from(value.subscribe({ signal: controller.signal })).subscribe({ complete });
    controller.abort();
    await settled();
    expect(complete).toHaveBeenCalledTimes(1);
  });

  it("with what `useSyncExternalStore` does: functions taken out of the object, stable snapshots", async () => {
    const { value, write } = source();
    const boxed = computed("boxed", () => ({ level: value.read() }), [value]);
    run([boxed]);
    const rendered: number[] = [];
    const store = useSyncExternalStore(
      boxed.onChange,
      boxed.read,
      ({ level }) => void rendered.push(level),
    );
    expect(boxed.read()).toBe(boxed.read());
    await write();
    store.unmount();
    await value.write(4);
    expect(rendered).toEqual([0, 1, 2, 3]);
  });

  it("with the interface alone", async () => {
    const { value, write } = source();
    const provider: Provider<number> = value;
    const seen: number[] = [];
    const remove = provider.onChange(() => void seen.push(provider.read()));
    await write();
    remove();
    expect(seen).toEqual([1, 2, 3]);
  });
});

/** The contract of React's hook, without React: renders when the snapshot is another one after a change. */
function useSyncExternalStore<Snapshot>(
  subscribe: (onStoreChange: () => void) => () => void,
  getSnapshot: () => Snapshot,
  render: (snapshot: Snapshot) => void,
): { unmount: () => void } {
  let snapshot = getSnapshot();
  render(snapshot);
  const unmount = subscribe(() => {
    const next = getSnapshot();
    if (Object.is(next, snapshot)) return;
    snapshot = next;
    render(next);
  });
  return { unmount };
}

import {
  type Computed,
  computed,
  type Debounce,
  debounce,
  type Link,
  link,
  type Provider,
  type Reader,
  Signal,
  signal,
  type Subscriber,
  type Subscription,
  throttle,
  Trigger,
  trigger,
  type View,
  view,
  type Watcher,
  type Writer,
} from "@sup/bus";
import type { Actor } from "@sup/core";
import { expectTypeOf } from "vitest";

// A signal may be undefined until it has an initial value.
const loose = signal("loose", () => 1);
const strict = signal("strict", async () => 1, { initialValue: 0 });
expectTypeOf(loose).toEqualTypeOf<Signal<number | undefined>>();
expectTypeOf(loose.read()).toEqualTypeOf<number | undefined>();
expectTypeOf(strict.read()).toEqualTypeOf<number>();
expectTypeOf(strict.status().value).toEqualTypeOf<number | undefined>();
signal("s", () => 1, { equal: Object.is, initialValue: 1 });
signal("s", () => "a", { equal: (before: string, after: string) => before === after });
// @ts-expect-error the initial value is of another type
signal("s", () => 1, { initialValue: "one" });
// @ts-expect-error there is no such option
signal("s", () => 1, { intervall: 1 });
expectTypeOf(new Signal("s", () => 1, { initialValue: 0 }).read()).toEqualTypeOf<number>();
expectTypeOf(new Signal<number | undefined>("s", () => 1).read()).toEqualTypeOf<
  number | undefined
>();
// @ts-expect-error a signal that is never undefined needs an initial value
void new Signal<number>("s", () => 1);

// What comes from it is of the same type, and can be undefined where it can.
expectTypeOf(debounce("d", strict, 1)).toEqualTypeOf<Debounce<number>>();
expectTypeOf(debounce("d", loose, 1).read()).toEqualTypeOf<number | undefined>();
expectTypeOf(throttle("t", strict, 1, { equal: Object.is }).read()).toEqualTypeOf<number>();
// @ts-expect-error the delay is missing
debounce("d", strict);
// @ts-expect-error a source must be readable
debounce("d", { onChange: () => () => {} }, 1);

const tooCold = computed("too-cold", () => strict.read() < 20, [strict]);
expectTypeOf(tooCold).toEqualTypeOf<Computed<boolean>>();
computed(
  "c",
  () => 1,
  () => [strict, loose],
);
computed("c", () => 1, [{ watch: () => loose.watch() }]);
// @ts-expect-error what cannot be watched is no dependency
computed("c", () => 1, [{ read: () => 1 }]);
// @ts-expect-error a view tells nobody
computed("c", () => 1, [view(() => 1)]);
// @ts-expect-error the dependencies are missing
computed("c", () => 1);
expectTypeOf(view(() => 1)).toEqualTypeOf<View<number>>();

// What can be written is what the effect takes.
const heater = trigger("heater", (_: boolean) => {});
expectTypeOf(heater).toEqualTypeOf<Trigger<boolean>>();
expectTypeOf(heater.read()).toEqualTypeOf<boolean | undefined>();
expectTypeOf(heater.write).parameter(0).toEqualTypeOf<boolean>();
const valve = trigger("valve", (_: number, { signal }) => void signal.aborted, { initialValue: 0 });
expectTypeOf(valve.read()).toEqualTypeOf<number>();
expectTypeOf(
  new Trigger<number, number>("t", () => {}, { initialValue: 0 }).read(),
).toEqualTypeOf<number>();
expectTypeOf(new Trigger("t", (_: number) => {}).read()).toEqualTypeOf<number | undefined>();
// @ts-expect-error only booleans can be written
void heater.write("on");

expectTypeOf(link("wiring", tooCold, heater)).toEqualTypeOf<Link<boolean>>();
// @ts-expect-error the destination takes no booleans
link("wiring", tooCold, valve);
// @ts-expect-error the source may be undefined
link("wiring", loose, valve);
link(
  "wiring",
  tooCold,
  trigger("any", (_: boolean | string) => {}),
);

// All of them are what they are said to be.
expectTypeOf(strict).toExtend<Provider<number>>();
expectTypeOf(strict).toExtend<Reader<number> & Subscriber<number> & Watcher & Actor>();
expectTypeOf(heater).toExtend<Writer<boolean> & Provider<boolean | undefined> & Actor>();
expectTypeOf(tooCold).toExtend<Provider<boolean> & Actor>();
expectTypeOf(link("wiring", tooCold, heater)).toExtend<Actor>();
expectTypeOf(strict.subscribe()).toEqualTypeOf<Subscription<number>>();
expectTypeOf(strict.watch()).toEqualTypeOf<Subscription<void>>();
for await (const value of strict.subscribe()) expectTypeOf(value).toEqualTypeOf<number>();
// @ts-expect-error values cannot be set from outside
strict.read = () => 1;

/*
 * How long a mailbox works before timers and I/O have their turn is real time, also where a test fakes time. In unit tests it
 * takes none, so that the order of what they see does not depend on what else the machine is busy with.
 */
performance.now = () => 1;
await import("./packages/core/src/lib/mailbox/turn.ts");
Reflect.deleteProperty(performance, "now");

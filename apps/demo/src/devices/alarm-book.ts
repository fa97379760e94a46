/** Something that happened in the building. */
export interface Alarm {
  /** 1, 2, 3, … in the order in which they happened. */
  readonly id: number;
  readonly kind: "alarm" | "all-clear";
  readonly text: string;
}

/** Milliseconds between two alarms. */
const interval = 15_000;
/** As many of the last ones are still known. */
const memory = 20;

const story: readonly Omit<Alarm, "id">[] = [
  { kind: "alarm", text: "supply pump: pressure is low" },
  { kind: "all-clear", text: "supply pump: pressure is normal" },
  { kind: "alarm", text: "boiler room: door is open" },
  { kind: "all-clear", text: "boiler room: door is closed" },
];

/** What happens in the building. It goes on, whether or not there is a server that tells of it. */
export class AlarmBook {
  readonly #now: () => number;
  readonly #start: number;

  /** @param now The clock, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#start = now();
  }

  /** The id of the latest alarm; 0 before the first. */
  lastId(): number {
    return Math.floor((this.#now() - this.#start) / interval);
  }

  /** The alarms after the one with `id`, as far as they are still known. */
  since(id: number): Alarm[] {
    const last = this.lastId();
    const first = Math.max(id, last - memory) + 1;
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
      id: first + index,
      ...story[(first + index - 1) % story.length]!,
    }));
  }
}

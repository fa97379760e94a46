/** What there is to know about the water. */
export interface TankOptions {
  /** Seconds of the plant per second of the clock. */
  readonly speed: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

const ambient = 20;
/** Where the heater and the losses are in balance. */
const balance = 95;
const start = 54;
/** Seconds in which the distance to the balance shrinks to 37 %. */
const timeConstant = 60;

/** A tank of water with an electric heater. It is the plant: it goes on, whatever happens to the device that measures it. */
export class Tank {
  readonly #speed: number;
  readonly #now: () => number;
  #heating = false;
  #temperature = start;
  #time: number;

  constructor({ speed, now = () => performance.now() }: TankOptions) {
    this.#speed = speed;
    this.#now = now;
    this.#time = now();
  }

  get heating(): boolean {
    return this.#heating;
  }

  switch(on: boolean): void {
    this.#advance();
    this.#heating = on;
  }

  /** Degrees Celsius. */
  temperature(): number {
    this.#advance();
    return this.#temperature;
  }

  #advance(): void {
    const now = this.#now();
    const seconds = ((now - this.#time) / 1_000) * this.#speed;
    this.#time = now;
    this.#temperature = approach(this.#temperature, this.#heating ? balance : ambient, seconds);
  }
}

/** Newton's law of cooling, solved: the same for one long step and for many short ones. */
export function approach(from: number, to: number, seconds: number): number {
  return to + (from - to) * Math.exp(-seconds / timeConstant);
}

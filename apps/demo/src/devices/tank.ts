import { approach } from "./approach.ts";
import { WaterPump } from "./water-pump.ts";

/** What there is to know about the water. */
export interface TankOptions {
  /** Seconds of the plant per second of the clock. */
  readonly speed: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** Degrees Celsius. */
const ambient = 20;
const start = 54;
/** Degrees by which the heater warms the water in a second, when all of it comes past. */
const warming = 1.25;
/** The share of that which reaches the water when none is pumped past the heater. */
const stillWater = 0.3;
/** Seconds in which the distance to the ambient temperature shrinks to 37 %, while the supply runs at half its flow. */
const timeConstant = 60;
/** Seconds in which the flows are taken for constant. */
const step = 0.25;

/**
 * A tank of water with an electric heater, a pump that drives the water past the heater, and one that supplies the building
 * with warm water. It is the plant: it goes on, whatever happens to the devices that measure it.
 */
export class Tank {
  /** Without it the heater cannot even keep the water warm. */
  readonly circulation: WaterPump;
  /** The more it pumps, the faster the water cools. */
  readonly supply: WaterPump;
  readonly #now: () => number;
  #heating = false;
  #temperature = start;
  #time: number;

  constructor({ speed, now = () => performance.now() }: TankOptions) {
    this.#now = () => (now() / 1_000) * speed;
    this.#time = this.#now();
    const common = { now: this.#now, beforeChange: () => this.#advance() };
    this.circulation = new WaterPump({ ratedFlow: 40, ratedPower: 120, ...common });
    this.supply = new WaterPump({ ratedFlow: 24, ratedPower: 90, ...common });
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
    while (this.#time < now) {
      const next = Math.min(this.#time + step, now);
      this.#flowFor(next - this.#time);
      this.#time = next;
    }
  }

  #flowFor(seconds: number): void {
    const time = this.#time + seconds / 2;
    const past = stillWater + (1 - stillWater) * shareOf(this.circulation, time);
    const inertia = timeConstant / (0.5 + shareOf(this.supply, time));
    const balance = ambient + (this.#heating ? warming * past * inertia : 0);
    this.#temperature = approach(this.#temperature, balance, seconds, inertia);
  }
}

/** How much of what it can pump a pump pumps at `time`, from 0 to 1. */
function shareOf(pump: WaterPump, time: number): number {
  return pump.flow(time) / pump.ratedFlow;
}

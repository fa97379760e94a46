import { approach } from "./approach.ts";

export interface WaterPumpOptions {
  /** Litres a minute at full speed. */
  readonly ratedFlow: number;
  /** Watts at full speed. */
  readonly ratedPower: number;
  /** The time of the plant, in seconds. */
  readonly now: () => number;
  /** Called before the pump changes, so that what it did until then can be reckoned. */
  readonly beforeChange: () => void;
}

/** Seconds in which the flow comes up to 63 % of what it is going to be. */
const inertia = 1.5;
/** Seconds for which a motor that has tripped must cool. */
const cooling = 5;

/** A pump with its drive: the motor turns as it is told, and the water follows. */
export class WaterPump {
  readonly ratedFlow: number;
  readonly #ratedPower: number;
  readonly #now: () => number;
  readonly #beforeChange: () => void;
  #speed = 0;
  #trippedAt: number | undefined;
  /** The flow when the speed was changed last, and when that was. */
  #before = { flow: 0, at: 0 };

  constructor({ ratedFlow, ratedPower, now, beforeChange }: WaterPumpOptions) {
    this.ratedFlow = ratedFlow;
    this.#ratedPower = ratedPower;
    this.#now = now;
    this.#beforeChange = beforeChange;
  }

  /** From 0 to 1. */
  get speed(): number {
    return this.#speed;
  }

  get tripped(): boolean {
    return this.#trippedAt !== undefined;
  }

  /** Runs at `speed`, from 0 to 1; a motor that has tripped stands still. */
  run(speed: number): void {
    if (!this.tripped) this.#turn(speed);
  }

  /** The motor's protection takes it off the mains. */
  trip(): void {
    this.#turn(0);
    this.#trippedAt = this.#now();
  }

  /** Lets a motor that has tripped run again, if it has cooled. It stands still until it is told to run. */
  acknowledge(): void {
    const isCool = this.#now() - (this.#trippedAt ?? 0) >= cooling;
    if (isCool) this.#trippedAt = undefined;
  }

  /** Litres a minute at `time`, which is not before the last change. */
  flow(time: number = this.#now()): number {
    const { flow, at } = this.#before;
    return approach(flow, this.#speed * this.ratedFlow, time - at, inertia);
  }

  /** Watts: half the speed takes an eighth of the power. */
  power(): number {
    return this.#ratedPower * this.#speed ** 3;
  }

  #turn(speed: number): void {
    this.#beforeChange();
    const at = this.#now();
    this.#before = { flow: this.flow(at), at };
    this.#speed = speed;
  }
}

import { Mailbox } from "@sup/core";
import { type Hub, leastLoaded, random, roundRobin } from "@sup/hub";
import type { Workload } from "../../lib/bench-case.ts";
import { allocatedBy } from "../../lib/heap.ts";
import { checkCount } from "../../lib/values.ts";

export interface Routee {
  readonly name: string;
  readonly mailbox: { readonly length: number; readonly capacity: number };
  chosen: number;
}

/** Routees, and a way to choose one of them. */
export interface Choice {
  readonly routees: readonly Routee[];
  readonly next: (turn: number) => Routee;
}

/** Chooses that often; done when the choices of all routees add up to that, and none was left out. */
export function choose({ routees, next }: Choice): Workload {
  return {
    sample(operations) {
      for (const routee of routees) routee.chosen = 0;
      for (let turn = 0; turn < operations; turn += 1) next(turn).chosen += 1;
      checkCount(chosenOf(routees), operations);
      checkCount(routees.filter(({ chosen }) => chosen > 0).length, routees.length);
    },
  };
}

/** Bytes that a choice allocates. */
export function allocationOf({ routees, next }: Choice): (operations: number) => Promise<number> {
  return async (operations) => {
    const run = () => {
      for (let turn = 0; turn < operations; turn += 1) next(turn).chosen += 1;
    };
    for (let round = 0; round < 3; round += 1) run();
    const bytes = await allocatedBy(async () => run());
    checkCount(chosenOf(routees), 4 * operations);
    return bytes / operations;
  };
}

export function byHand(): Choice {
  const routees = createRoutees();
  let turn = 0;
  const next = () => {
    const routee = routees[turn]!;
    turn = turn + 1 < routees.length ? turn + 1 : 0;
    return routee;
  };
  return { routees, next };
}

export function byRoundRobin(): Choice {
  return choiceOf(roundRobin(createRoutees()));
}

export function byChance(): Choice {
  return choiceOf(random(createRoutees()));
}

export function byLoad(length: (index: number) => number): Choice {
  return choiceOf(leastLoaded(createRoutees(length)));
}

/** As `byLoad`, by the mailboxes that actors have, with 0 to 3 messages; all have been used before. */
export async function byMailboxes(): Promise<Choice> {
  const mailboxes = await Promise.all(Array.from({ length: 10 }, (_, index) => filled(index & 3)));
  const routees = mailboxes.map((mailbox, index): Routee => ({
    name: `worker-${index}`,
    mailbox,
    chosen: 0,
  }));
  return choiceOf(leastLoaded(routees));
}

export function byKey(): Choice {
  const hub = roundRobin(createRoutees());
  const keys = Array.from({ length: 1_024 }, (_, index) => `customer-${1_000 + index}`);
  return { routees: hub.routees, next: (turn) => hub.sticky(keys[turn & 1_023]!) };
}

function choiceOf(hub: Hub<Routee>): Choice {
  return { routees: hub.routees, next: () => hub.next() };
}

/** With an object for a mailbox, which costs nothing to ask: what is measured is the hub. */
function createRoutees(length: (index: number) => number = () => 0): Routee[] {
  return Array.from({ length: 10 }, (_, index) => ({
    name: `worker-${index}`,
    mailbox: { length: length(index), capacity: 1_000 },
    chosen: 0,
  }));
}

async function filled(length: number): Promise<Mailbox<{ work(): void }>> {
  const mailbox = new Mailbox<{ work(): void }>();
  for (let message = 0; message <= length; message += 1) mailbox.tryCast("work");
  await mailbox.receive().next();
  checkCount(mailbox.length, length);
  return mailbox;
}

function chosenOf(routees: readonly Routee[]): number {
  return routees.reduce((sum, { chosen }) => sum + chosen, 0);
}

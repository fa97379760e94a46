import type { Actor } from "../actor/context.ts";
import type { Child } from "./child.ts";
import type { Supervisor } from "./supervisor.ts";

/** Where the actors of this package keep the child that they are: a map of a million entries is slow to keep. */
export const supervisedAs: unique symbol = Symbol("supervisedAs");

/** An actor of this package. */
export interface Claimable {
  [supervisedAs]: Child | undefined;
}

const others = new WeakMap<Actor, Child>();

/**
 * The handle under which an actor is supervised; once it has stopped for good, its last one, until it is supervised anew.
 */
export function childOf(actor: Actor): Child | undefined {
  return supervisedAs in actor ? (actor as Claimable)[supervisedAs] : others.get(actor);
}

/** The supervisor that `actor` is under now. */
export function supervisorOf(actor: Actor): Supervisor | undefined {
  const child = childOf(actor);
  return child === undefined || child.isOver ? undefined : child.supervisor;
}

/** @throws {Error} when the actor is supervised already: one object has one life at a time; or is above its supervisor */
export function checkFree({ actor, supervisor }: Child): void {
  const owner = supervisorOf(actor);
  let above: Supervisor | undefined = actor.kind === "supervisor" ? supervisor : undefined;
  while (above !== undefined && above !== actor) above = supervisorOf(above);
  const reason =
    owner !== undefined
      ? `the same object is supervised by "${owner.name}" already`
      : above !== undefined && "it is the same or above it";
  if (reason)
    throw new Error(`Cannot supervise "${actor.name}" by "${supervisor.name}": ${reason}`);
}

export function claim(child: Child): void {
  const { actor } = child;
  if (supervisedAs in actor) (actor as Claimable)[supervisedAs] = child;
  else others.set(actor, child);
}

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

/** @throws {Error} when the actor is supervised already: one object has one life at a time; or is above its supervisor */
export function claim(actor: Actor, child: Child): void {
  const owner = ownerOf(actor);
  if (owner !== undefined) {
    throw new Error(
      `Cannot supervise "${actor.name}" by "${child.supervisor.name}": ` +
        `the same object is supervised by "${owner.supervisor.name}" already`,
    );
  }
  if (actor.kind === "supervisor" && isAbove(actor, child.supervisor)) {
    throw new Error(
      `Cannot supervise "${actor.name}" by "${child.supervisor.name}": it is the same or above it`,
    );
  }
  if (supervisedAs in actor) (actor as Claimable)[supervisedAs] = child;
  else others.set(actor, child);
}

/** Whether `child` had claimed the actor. */
export function release(actor: Actor, child: Child): boolean {
  if (ownerOf(actor) !== child) return false;
  if (supervisedAs in actor) (actor as Claimable)[supervisedAs] = undefined;
  else others.delete(actor);
  return true;
}

function isAbove(actor: Actor, supervisor: Supervisor): boolean {
  let above: Supervisor | undefined = supervisor;
  while (above !== undefined && above !== actor) above = above[supervisedAs]?.supervisor;
  return above === actor;
}

function ownerOf(actor: Actor): Child | undefined {
  return supervisedAs in actor ? (actor as Claimable)[supervisedAs] : others.get(actor);
}

import type { Inspectable } from "@sup/bus";
import { safely } from "../text/safely.ts";

/** The value that an actor is: all values of the bus are actors, and one's own may be. */
export function toInspectable(actor: object): Inspectable<unknown> | undefined {
  return safely(() => {
    const { status, dependencies } = actor as Partial<Inspectable<unknown>>;
    const isValue = typeof status === "function" && Array.isArray(dependencies);
    return isValue ? (actor as Inspectable<unknown>) : undefined;
  }, undefined);
}

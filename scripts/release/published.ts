import { cpSync } from "node:fs";
import { join } from "node:path";
import { publish } from "./copy.ts";
import { type Registry, startRegistry } from "./registry.ts";

/** A registry that has what the release copy holds. Which registry a copy goes to stands in it, so it is copied again. */
export async function startWithPublished(release: string, folder: string): Promise<Registry> {
  const copy = join(folder, "published");
  cpSync(release, copy, { recursive: true, verbatimSymlinks: true });
  const registry = await startRegistry();
  try {
    registry.serve(copy);
    await publish(copy);
    return registry;
  } catch (error) {
    await registry[Symbol.asyncDispose]();
    throw error;
  }
}

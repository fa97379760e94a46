import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What was brought from the registry; git ignores it, and deleting it costs a download. */
export const toolsFolder = join(root, ".tools");

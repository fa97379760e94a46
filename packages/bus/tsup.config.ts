import { library } from "../../tsup.base.ts";

// Neutral: an import of `node:…` does not build.
export default library({ platform: "neutral" });

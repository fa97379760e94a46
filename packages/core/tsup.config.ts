import { library } from "../../tsup.base.ts";
import { internals, shortNames } from "./short-names.ts";

export default library({
  // Neutral: an import of `node:…` does not build.
  platform: "neutral",
  esbuildOptions(options) {
    options.mangleProps = new RegExp(`^(${internals.join("|")})$`);
    options.mangleCache = { ...shortNames };
  },
});

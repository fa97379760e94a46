import { library } from "../../tsup.base.ts";
import { internals } from "./short-names.ts";

export default library({
  // Neutral: an import of `node:…` does not build.
  platform: "neutral",
  esbuildOptions(options) {
    options.mangleProps = new RegExp(`^(${internals.join("|")})$`);
  },
});

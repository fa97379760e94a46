import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Debian and Ubuntu put it; another place by `CHROMIUM`. */
const path = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** A real Chromium, without a window. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(path)) {
    throw new Error(
      `Cannot test the page: there is no Chromium at ${path}; get it by "apt-get install chromium", or name yours in CHROMIUM`,
    );
  }
  return chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
}

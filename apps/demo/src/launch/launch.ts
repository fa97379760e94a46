import { createJournal, type Journal } from "../terminal/journal.ts";
import { durationText } from "../text/duration.ts";
import { readFlags } from "./flags.ts";
import { help } from "./help.ts";
import { LaunchError } from "./launch-error.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { welcome } from "./welcome.ts";

/** Everything around the gateway: reads the command line, welcomes, runs it, says goodbye. */
export async function launch(
  run: (settings: Settings, journal: Journal) => Promise<void>,
): Promise<void> {
  const { stdout, stderr } = process;
  // The gateway outlives whoever reads its lines, as in `npm start | head`.
  stdout.on("error", () => {});
  try {
    const flags = readFlags(process.argv.slice(2));
    if (flags === "help") return void stdout.write(help);
    const settings = await settingsOf(flags);
    stdout.write(welcome(settings));
    // A terminal shows ^C at the beginning of a line, and the next one of ours comes after it.
    process.once("SIGINT", () => stdout.isTTY && stdout.write("\n"));
    await run(
      settings,
      createJournal((line) => stdout.write(`${line}\n`)),
    );
    const end = process.exitCode === undefined ? "stopped in order" : "gave up";
    stdout.write(`\nRan for ${durationText(performance.now())} and ${end}. Goodbye.\n`);
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    stderr.write(`Cannot start: ${error.message}\n`);
    process.exitCode = 1;
  }
}

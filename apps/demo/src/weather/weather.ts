import { fileURLToPath } from "node:url";
import { trigger } from "@sup/bus";
import { ExecActor } from "@sup/exec";

const station = fileURLToPath(new URL("../devices/weather-station.js", import.meta.url));

/** From the sidecar to the temperature outside: each line of its output is one. `command` is for a shell. */
export function createWeather(command: string | undefined) {
  const outdoor = trigger("outdoor", (celsius: number) => {
    if (Number.isNaN(celsius)) throw new Error("A line was no number");
  });
  const [program, ...args] =
    command === undefined ? [process.execPath, station] : ["/bin/sh", "-c", command];
  const sidecar = new ExecActor("sidecar", program, args, {
    onLine: ({ stream, line }) => {
      if (stream === "stdout") void outdoor.write(celsiusIn(line));
    },
    // The gateway ends within a second, whatever the program thinks of it.
    stopGrace: 300,
  });
  return { outdoor, sidecar };
}

/** `Number` would take an empty line for 0. */
function celsiusIn(line: string): number {
  return line.trim() === "" ? NaN : Number(line);
}

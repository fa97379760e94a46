import { Trouble } from "../toolchain/trouble.mjs";

export interface Step {
  readonly name: string;
  /** Steps that must have passed before this one starts. */
  readonly after?: readonly string[];
  /** Nothing else runs meanwhile: for tests, which measure out their waiting. */
  readonly alone?: boolean;
  /** Resolves to a remark for the report, or to nothing; rejects when the step failed. */
  run(): Promise<string | void>;
}

/** Something to mend in the repository. */
export class Finding extends Trouble {
  override readonly name = "Finding";
}

/** @throws {Finding} with one problem a line, if there is one */
export function demandNone(problems: readonly string[]): void {
  if (problems.length > 0) throw new Finding(problems.join("\n"));
}

/** Why the gateway cannot start, in one line for who typed the command. */
export class LaunchError extends Error {
  override readonly name = "LaunchError";
}

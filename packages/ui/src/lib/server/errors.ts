/** The dashboard could not listen on its address, for instance because the port is in use; `cause` is the system's error. */
export class DashboardListenError extends Error {
  override readonly name = "DashboardListenError";
  readonly code = "DASHBOARD_LISTEN";
  /** The port may be free later. */
  readonly retryable = true;
  /** The address that was asked for. */
  readonly host: string;
  /** The port that was asked for. */
  readonly port: number;

  constructor(name: string, host: string, port: number, cause: unknown) {
    const { code, message } = cause as { code?: unknown; message?: unknown };
    const why = code === "EADDRINUSE" ? `port ${port} is in use` : String(message);
    super(`Cannot start dashboard "${name}" on ${host}:${port}: ${why}`, { cause });
    this.host = host;
    this.port = port;
  }
}

/** The server of the dashboard broke, or was closed, while it ran; `cause` is the system's error where there is one. */
export class DashboardServerError extends Error {
  override readonly name = "DashboardServerError";
  readonly code = "DASHBOARD_SERVER";
  readonly retryable = true;

  constructor(name: string, cause: Error | undefined) {
    super(
      `Dashboard "${name}" serves no more: ${cause === undefined ? "its server was closed" : cause.message}`,
      cause && { cause },
    );
  }
}

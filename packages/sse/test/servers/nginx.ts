import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { freePort } from "../../../../scripts/test/servers/free-port.ts";

export interface Nginx {
  /** Where its own streams, statuses and redirects are, and the upstream behind `/buffered`, `/unbuffered` and `/accel`. */
  readonly url: string;
  /** The same over TLS, with a certificate that nobody vouches for. */
  readonly tlsUrl: string;
  process: ChildProcess;
  /** Starts it anew where it was. */
  restart(): Promise<void>;
}

/** Starts nginx on free ports of loopback; it ends with the test. */
export async function nginx(upstream = "http://127.0.0.1:9"): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "sse-nginx-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [port, tlsPort] = await Promise.all([freePort(), freePort()]);
  await certificate(folder);
  writeFileSync(join(folder, "nginx.conf"), configuration(folder, port, tlsPort, upstream));
  const started: Nginx = {
    url: `http://127.0.0.1:${port}`,
    tlsUrl: `https://127.0.0.1:${tlsPort}`,
    process: await start(folder, port),
    async restart() {
      started.process = await start(folder, port);
    },
  };
  return started;
}

async function start(folder: string, port: number): Promise<ChildProcess> {
  const child = spawn("/usr/sbin/nginx", ["-c", join(folder, "nginx.conf"), "-e", "stderr"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk));
  const failed = new Promise<never>((_, reject) => {
    const fail = (why: string) =>
      reject(new Error(`Cannot start nginx: ${why}. Install it with: ${install}`));
    child.once("error", (error) => fail(error.message));
    child.once("close", () => fail(complaint.trim()));
  });
  failed.catch(() => {});
  await Promise.race([failed, listening(port)]);
  return child;
}

async function certificate(folder: string): Promise<void> {
  const openssl = spawn(
    "/usr/bin/openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"].concat(
      ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")],
      ["-days", "2", "-subj", "/CN=localhost"],
    ),
    { stdio: "ignore" },
  );
  const [code] = await once(openssl, "close").catch((error: Error) => [error.message]);
  if (code !== 0)
    throw new Error(`Cannot make a certificate: openssl: ${code}. Install it with: ${install}`);
}

const install =
  "apt-get install -y --no-install-recommends nginx-light libnginx-mod-http-echo openssl";

/** What nginx itself serves is by its echo module: a stream of three events, or of what comes after the last id. */
function configuration(folder: string, port: number, tlsPort: number, upstream: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((what) => `${what}_temp_path ${folder}/${what};`)
    .join("\n");
  return `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
load_module /usr/lib/nginx/modules/ngx_http_echo_module.so;
events {}
http {
  access_log off;
  ${temporary}
  proxy_http_version 1.1;
  server {
    listen 127.0.0.1:${port};
    listen 127.0.0.1:${tlsPort} ssl;
    ssl_certificate ${folder}/cert.pem;
    ssl_certificate_key ${folder}/key.pem;
    location /ticks {
      default_type text/event-stream;
      echo "retry: 100"; echo "id: 1"; echo "data: one"; echo; echo_flush;
      echo_sleep 0.05;
      echo ": a comment"; echo "id: 2"; echo "event: tick"; echo "data: after $http_last_event_id"; echo; echo_flush;
      echo_sleep 0.05;
      echo "data: never complete";
    }
    location /silent { default_type text/event-stream; echo ": hello"; echo_flush; echo_sleep 60; }
    location /gone { return 204; }
    location /busy { add_header Retry-After 1 always; return 503; }
    location /moved { return 307 /ticks; }
    location /page { default_type text/html; return 200 "<p>no stream</p>"; }
    location /buffered { proxy_pass ${upstream}; proxy_buffering on; proxy_http_version 1.0; }
    location /unbuffered { proxy_pass ${upstream}; proxy_buffering off; }
    location /accel { proxy_pass ${upstream}; proxy_buffering on; proxy_http_version 1.0; }
  }
}
`;
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      socket.destroy();
    }
  }
}

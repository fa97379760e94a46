import { Finding } from "../pipeline/step.ts";
import { output } from "../toolchain/output.mjs";

interface SystemPackage {
  /** Its name in Debian and Ubuntu. */
  readonly apt: string;
  /** A command that succeeds where it is there. */
  readonly probe: readonly [string, ...string[]];
  /** How to get it where there is no apt. */
  readonly elsewhere: string;
}

/** What integration tests talk to: independent implementations of the protocols, and what connects them. */
const systemPackages: readonly SystemPackage[] = [
  pythonModule("pymodbus", "python3-pymodbus", "pymodbus==3.0.0"),
  pythonModule("serial", "python3-serial", "pyserial"),
  pythonModule("serial_asyncio", "python3-serial-asyncio", "pyserial-asyncio"),
  pythonModule("six", "python3-six", "six"),
  pythonModule("websockets", "python3-websockets", "websockets"),
  {
    apt: "websocketd",
    probe: ["websocketd", "--version"],
    elsewhere: "websocketd from http://websocketd.com",
  },
  header("libmodbus-dev", "modbus/modbus.h", "libmodbus 3.1 with its headers"),
  { apt: "gcc", probe: ["gcc", "--version"], elsewhere: "gcc of the system's package manager" },
  header("libc6-dev", "stdio.h", "the C library's headers"),
  { apt: "socat", probe: ["socat", "-V"], elsewhere: "socat of the system's package manager" },
  {
    apt: "nginx-light",
    probe: ["/usr/sbin/nginx", "-v"],
    elsewhere: "nginx of the system's package manager",
  },
  {
    apt: "libnginx-mod-http-echo",
    probe: ["test", "-e", "/usr/lib/nginx/modules/ngx_http_echo_module.so"],
    elsewhere: "the echo module of nginx, at /usr/lib/nginx/modules",
  },
  {
    apt: "chromium",
    probe: ["chromium", "--version"],
    elsewhere: "Chromium of the system's package manager, as chromium",
  },
  {
    apt: "openssl",
    probe: ["/usr/bin/openssl", "version"],
    elsewhere: "openssl of the system's package manager",
  },
  // Releases are rehearsed in repositories of their own.
  { apt: "git", probe: ["git", "--version"], elsewhere: "git of the system's package manager" },
  // setpriv and setsid, for processes that outlive others.
  {
    apt: "util-linux",
    probe: ["setpriv", "--version"],
    elsewhere: "util-linux of the system's package manager",
  },
];

/** What C programs are compiled with. */
function header(apt: string, path: string, what: string): SystemPackage {
  const probe = ["test", "-f", `/usr/include/${path}`] as const;
  return { apt, probe, elsewhere: `${what}, of the system's package manager` };
}

/** For the system's Python, which is the one that Debian's packages are for. */
function pythonModule(module: string, apt: string, pip: string): SystemPackage {
  const python = "/usr/bin/python3";
  const find = `import sys, importlib.util; sys.exit(importlib.util.find_spec("${module}") is None)`;
  return { apt, probe: [python, "-c", find], elsewhere: `${python} -m pip install ${pip}` };
}

/** @throws {Finding} if some are missing that this process may not install. */
export async function findMissing(): Promise<readonly SystemPackage[]> {
  const found = await Promise.all(
    systemPackages.map(async ({ probe: [file, ...args] }) => succeeds(file, args)),
  );
  const missing = systemPackages.filter((_, index) => !found[index]);
  if (missing.length > 0) await demandInstallable(missing);
  return missing;
}

async function demandInstallable(missing: readonly SystemPackage[]): Promise<void> {
  const hasApt = await succeeds("apt-get", ["--version"]);
  if (hasApt && process.getuid?.() === 0) return;
  const ways = hasApt
    ? [`sudo apt-get install ${namesOf(missing)}`]
    : missing.map(({ elsewhere }) => elsewhere);
  throw new Finding(
    [
      `Cannot test against real counterparts: ${namesOf(missing)} missing. Get what is missing, or run npm test -- --unit:`,
      ...ways,
    ].join("\n  "),
  );
}

export async function installMissing(missing: readonly SystemPackage[]): Promise<string> {
  const install = ["install", "-y", "--no-install-recommends", ...missing.map(({ apt }) => apt)];
  // The lists may be as old as the image, and name releases that the mirror no longer has.
  if ((await aptGet(install)).code !== 0) {
    await aptGet(["update"]);
    const { code, text } = await aptGet(install);
    if (code !== 0) throw new Finding(`$ apt-get ${install.join(" ")}\n${text}`);
  }
  return `installed ${namesOf(missing)}`;
}

function aptGet(args: readonly string[]): ReturnType<typeof output> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return output("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=120", ...args], { env });
}

async function succeeds(file: string, args: readonly string[]): Promise<boolean> {
  return (await output(file, args, {})).code === 0;
}

function namesOf(packages: readonly SystemPackage[]): string {
  return packages.map(({ apt }) => apt).join(" ");
}

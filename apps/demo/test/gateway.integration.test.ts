import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { type Actor, Supervisor } from "@sup/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAlarmServer } from "../src/devices/alarm-server.ts";
import type { Memory } from "../src/devices/modbus/memory.ts";
import { ModbusServer } from "../src/devices/modbus/server.ts";
import { createPriceServer } from "../src/devices/price-server.ts";
import { createSimulator, type Simulator } from "../src/devices/simulator.ts";
import { Tank } from "../src/devices/tank.ts";
import { firstFreePort } from "../src/launch/port.ts";
import type { TreeNode } from "../src/tree/tree.ts";
import { GatewayProcess } from "./gateway-process.ts";

const line = /^\d\d:\d\d:\d\d\.\d{3} (info |warn |error) [\w-]+ +\S/;
const noRegisters: Memory = {
  coils: [],
  discreteInputs: [],
  holdingRegisters: [],
  inputRegisters: [],
};

describe("npm start", () => {
  it("switches the heater off and on over Modbus, and stops in order", async () => {
    const gateway = new GatewayProcess("--port", "0", "--speed", "20");
    const [, devicePort] = await gateway.prints(/Modbus TCP on 127\.0\.0\.1:(\d+), unit 1/);
    const [, pricesPort] = await gateway.prints(/price feed +ws:\/\/127\.0\.0\.1:(\d+)/);
    const [, alarmsPort] = await gateway.prints(/alarms +http:\/\/127\.0\.0\.1:(\d+)/);
    const url = await gateway.url();
    await gateway.prints(/heater +switched on: \d\d\.\d °C/);
    await gateway.prints(/report +\d\d\.\d °C/);
    await gateway.prints(/heater +switched off: \d\d\.\d °C/);
    await gateway.prints(/heater +switched on: \d\d\.\d °C/);

    const { code, took } = await gateway.end("SIGINT");
    expect(code).toBe(0);
    expect(took).toBeLessThan(1_000);
    expect(gateway.stderr).toBe("");
    expect(stopped(gateway.stdout)).toBe(
      "archive, control, energy, weather, alarms, market, device",
    );
    expect(gateway.stdout).toMatch(/\nRan for .* and stopped in order\. Goodbye\.\n$/);
    for (const port of [devicePort, pricesPort, alarmsPort, new URL(url).port]) {
      expect(await refuses(Number(port))).toBe(true);
    }
    const [, sidecar] = /sidecar +started pid=(\d+)/.exec(gateway.stdout)!;
    expect(isAlive(Number(sidecar))).toBe(false);
  });

  it("prints a line for each event, without colours where there is no terminal", async () => {
    const gateway = new GatewayProcess("--port", "0");
    await gateway.prints(/switched on/);
    await gateway.end("SIGTERM");
    const [welcome, events, goodbye, ...rest] = gateway.stdout.trim().split(/\n{2}(?=\d\d:|Ran)/);
    expect(welcome).toContain("http://127.0.0.1:");
    for (const event of events!.split("\n")) expect(event).toMatch(line);
    expect(goodbye).toMatch(/^Ran for/);
    expect(rest).toEqual([]);
    expect(gateway.stdout).not.toContain("\u001b");
  });

  it("serves the tree as text and as JSON, the heater, its health and a page", async () => {
    const gateway = new GatewayProcess("--port", "0");
    const url = await gateway.url();
    await gateway.prints(/switched on/);

    const text = await (await fetch(`${url}/tree.txt`)).text();
    expect(text.split("\n").map((row) => row.slice(0, 19).trimEnd())).toEqual([
      "NAME",
      "gateway",
      "├─ device",
      "│  ├─ simulator",
      "│  └─ modbus",
      "├─ market",
      "│  ├─ price",
      "│  ├─ band",
      "│  ├─ tariff",
      "│  ├─ price-server",
      "│  └─ price-feed",
      "├─ alarms",
      "│  ├─ alarm",
      "│  ├─ ui-alarm",
      "│  ├─ crier",
      "│  ├─ alarm-server",
      "│  └─ alarm-stream",
      "├─ weather",
      "│  ├─ outdoor",
      "│  └─ sidecar",
      "├─ energy",
      "│  ├─ power",
      "│  └─ cost",
      "├─ control",
      "│  ├─ temperature",
      "│  ├─ clean-temp",
      "│  ├─ too-cold",
      "│  ├─ ui-temp",
      "│  ├─ heater",
      "│  ├─ fail-safe",
      "│  ├─ heater-wiring",
      "│  └─ report",
      "├─ archive",
      "│  ├─ worker-1",
      "│  ├─ worker-2",
      "│  ├─ worker-3",
      "│  ├─ seal",
      "│  └─ clerk",
      "└─ http",
      "",
    ]);
    const tree = (await (await fetch(`${url}/api/v1/tree`)).json()) as TreeNode;
    expect(tree).toMatchObject({ id: 0, name: "gateway", kind: "supervisor", status: "ready" });
    expect(find(tree, "modbus")).toMatchObject({ status: "ready", restarts: 0 });
    for (const name of ["price-feed", "alarm-stream", "sidecar"]) {
      expect(find(tree, name)).toMatchObject({ status: "ready", restarts: 0 });
    }
    expect(find(tree, "price")).toMatchObject({ value: { value: expect.any(Number) } });
    expect(find(tree, "temperature")).toMatchObject({
      kind: "signal",
      value: { value: { celsius: expect.any(Number) }, age: expect.any(Number), stale: false },
    });

    const health = await fetch(`${url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: "ready" }]);
    // The reading that the heater was switched by says that it is off.
    await expect
      .poll(async () => (await fetch(`${url}/api/v1/heater`)).json(), { timeout: 5_000 })
      .toMatchObject({ celsius: expect.any(Number), heating: true, stale: false });
    const page = await fetch(url);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await page.text()).toMatch(/°C, heater on, read \d+ ms ago[^]*└─ http/);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });

  it("recovers from --chaos, and shows the restart in the tree", async () => {
    const gateway = new GatewayProcess("--port", "0", "--chaos");
    const url = await gateway.url();
    await gateway.prints(/chaos +resets every connection/);
    await gateway.prints(/error modbus +failed: Lost the connection/);
    await gateway.prints(/warn +modbus +restarts in \d+ ms \(restart 1\)/);
    await gateway.prints(/modbus +ready again after/);
    await gateway.prints(/report +\d\d\.\d °C/);
    const tree = (await (await fetch(`${url}/api/v1/tree`)).json()) as TreeNode;
    expect(find(tree, "modbus")).toMatchObject({
      status: "ready",
      restarts: 1,
      lastError: { message: expect.stringContaining("Lost the connection") },
    });
    expect(find(tree, "simulator")).toMatchObject({ status: "ready", restarts: 0 });
  });

  it("follows another feed, another stream and another sidecar, and leaves nothing of it", async () => {
    const market = await runServer(15_400, createPriceServer);
    const building = await runServer(15_420, createAlarmServer);
    const gateway = new GatewayProcess(
      "--port=0",
      `--ws=ws://127.0.0.1:${market.port}/live`,
      `--sse=http://127.0.0.1:${building.port}/alarms`,
      "--exec=echo $$; trap '' INT; while :; do sleep 1; done",
    );
    const url = await gateway.url();
    await gateway.prints(/switched on/);
    const tree = (await (await fetch(`${url}/api/v1/tree`)).json()) as TreeNode;
    const pid = find(tree, "outdoor")?.value?.value as number;
    expect(isAlive(pid)).toBe(true);
    expect(find(tree, "price")).toMatchObject({ value: { value: expect.any(Number) } });
    for (const name of ["price-server", "alarm-server"]) expect(find(tree, name)).toBeUndefined();

    await market.actor.cast("freeze");
    await gateway.prints(/error price-feed +failed: .*nothing came/);
    await gateway.prints(/price-feed +ready again/);
    await building.actor.cast("end");
    await gateway.prints(/error alarm-stream +failed: .*it ended/);
    await gateway.prints(/alarm-stream +ready again/);
    const { code, took } = await gateway.end("SIGINT");
    expect(code).toBe(0);
    expect(took).toBeLessThan(1_000);
    expect(isAlive(pid)).toBe(false);
  });

  it("runs on without its device, says so, and has it when it is there", async () => {
    const port = await firstFreePort(15_100);
    const gateway = new GatewayProcess(
      "--port",
      "0",
      "--modbus",
      `tcp://127.0.0.1:${port}?unit=3&meter=2`,
    );
    const url = await gateway.url();
    await gateway.prints(/modbus +restarts in \d+ ms \(restart 2\)/);
    await gateway.prints(/warn +report +no reading yet/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/heater`)).status).toBe(503);
    expect(await (await fetch(url)).text()).toContain("No reading yet");

    await runSimulator(port);
    await gateway.prints(/modbus +connected .*unitId=3/);
    await gateway.prints(/switched on/);
    await expect.poll(() => powerAt(url), { timeout: 5_000 }).toBeGreaterThan(300);
    expect((await gateway.end("SIGTERM")).code).toBe(0);
    expect(gateway.stdout).toContain("heater off: the control ends");
  });

  it("gives up with the reason and exit code 1 when the device has no such registers", async () => {
    const port = await firstFreePort(15_150);
    const device = await ModbusServer.listen({
      port,
      memoryOf: () => noRegisters,
      onFault: () => {},
    });
    onTestFinished(() => device.close());
    const gateway = new GatewayProcess("--port", "0", "--modbus", `tcp://127.0.0.1:${port}`);
    await gateway.prints(/error report +failed: .*illegal data address/);
    await gateway.prints(/error +a supervisor gives up: .*"report"/);
    await gateway.prints(/warn +control +restarts in/);
    await gateway.prints(/error +a supervisor gives up: .*"control"/);
    expect(await gateway.exit()).toBe(1);
    expect(gateway.stdout).toMatch(/\nRan for .* and gave up\. Goodbye\.\n$/);
    expect(gateway.stderr).toContain("illegal data address");
  });

  it("ends within a second when its device hangs, and says that the heater may be on", async () => {
    const port = await firstFreePort(15_180);
    const simulator = await runSimulator(port);
    const gateway = new GatewayProcess("--port", "0", "--modbus", `tcp://127.0.0.1:${port}`);
    await gateway.prints(/switched on/);
    await simulator.cast("suffer", "hang");
    await gateway.prints(/no reading for .*no answer within 500 ms/);
    const { code, took } = await gateway.end("SIGINT");
    expect(code).toBe(0);
    expect(took).toBeLessThan(1_000);
    expect(gateway.stdout).toMatch(/error fail-safe +heater may be on: .* cannot switch it off/);
  });

  it("says in one line that its port is in use, and exits with 1", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const gateway = new GatewayProcess("--port", String(port));
    expect(await gateway.exit()).toBe(1);
    expect(gateway.stderr).toBe(
      `Cannot start: port ${port} cannot be listened on: it is in use; --port N takes another\n`,
    );
    expect(gateway.stdout).toBe("");
  });

  it("says in one line what is wrong with a flag, and exits with 1", async () => {
    const gateway = new GatewayProcess("--port", "80a");
    expect(await gateway.exit()).toBe(1);
    expect(gateway.stderr).toBe(
      'Cannot start: --port must be an integer from 0 to 65535, got "80a"\n',
    );
    expect(gateway.stdout).toBe("");
  });

  it("tells about its flags, and exits with 0", async () => {
    const gateway = new GatewayProcess("--help");
    expect(await gateway.exit()).toBe(0);
    for (const flag of "--port --chaos --speed --modbus --ws --sse --exec --help".split(" ")) {
      expect(gateway.stdout).toContain(`\n  ${flag}`);
    }
  });
});

/** The heater as a device of its own, ready, beside the gateway. */
async function runSimulator(port: number): Promise<Simulator> {
  const simulator = createSimulator(new Tank({ speed: 1 }), port);
  await run(simulator);
  return simulator;
}

/** A server beside the gateway, ready. */
async function runServer<Server extends Actor>(
  firstPort: number,
  create: (port: number) => Server,
): Promise<{ port: number; actor: Server }> {
  const port = await firstFreePort(firstPort);
  const actor = create(port);
  await run(actor);
  return { port, actor };
}

/** Resolves when the actor is ready; it ends with the test. */
async function run(actor: Actor): Promise<void> {
  const ready = Promise.withResolvers<void>();
  const supervisor = new Supervisor("beside", {
    actors: [actor],
    observer: { onActorReady: () => ready.resolve() },
  });
  onTestFinished(() => supervisor.stop());
  supervisor.start();
  await ready.promise;
}

/** Whether there is such a process. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Who has stopped, in this order. */
function stopped(output: string): string {
  return Array.from(output.matchAll(/(\w+) +stopped$/gm), ([, name]) => name).join(", ");
}

function find(node: TreeNode, name: string): TreeNode | undefined {
  if (node.name === name) return node;
  for (const child of node.children ?? []) {
    const found = find(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The watts that the meter tells. */
async function powerAt(url: string): Promise<unknown> {
  const tree = (await (await fetch(`${url}/api/v1/tree`)).json()) as TreeNode;
  return find(tree, "power")?.value?.value;
}

async function refuses(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

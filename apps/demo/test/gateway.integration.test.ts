import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { type Actor, type Snapshot, Supervisor } from "@sup/core";
import { ModbusActor } from "@sup/modbus";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createAlarmServer } from "../src/devices/alarm-server.ts";
import type { Memory } from "../src/devices/modbus/memory.ts";
import { ModbusServer } from "../src/devices/modbus/server.ts";
import { createPriceServer } from "../src/devices/price-server.ts";
import { createSimulator, type Simulator, units } from "../src/devices/simulator.ts";
import { Tank } from "../src/devices/tank.ts";
import { freePort } from "../../../scripts/test/servers/free-port.ts";
import { firstFreePort } from "../src/launch/port.ts";
import { Pump } from "../src/pumps/pump.ts";
import { GatewayProcess } from "./gateway-process.ts";

/** Milliseconds that an end takes less than in which no actor is given up; a busy machine may need more than a second. */
const beforeGivenUp = 4_500;

const line = /^\d\d:\d\d:\d\d\.\d{3} (info |warn |error) [\w-]+ +\S/;
const treeNames = `\
NAME
gateway
├─ device
│  ├─ simulator
│  └─ modbus
├─ market
│  ├─ price
│  ├─ band
│  ├─ tariff
│  ├─ price-server
│  └─ price-feed
├─ alarms
│  ├─ alarm
│  ├─ ui-alarm
│  ├─ crier
│  ├─ alarm-server
│  └─ alarm-stream
├─ weather
│  ├─ outdoor
│  └─ sidecar
├─ energy
│  ├─ power
│  └─ cost
├─ pumps
│  ├─ circulation-reading
│  ├─ circulation-flow
│  ├─ circulation-target
│  ├─ circulation-speed
│  ├─ circulation-wiring
│  ├─ supply-reading
│  ├─ supply-flow
│  ├─ supply-target
│  ├─ supply-speed
│  └─ supply-wiring
├─ control
│  ├─ reading
│  ├─ clean-reading
│  ├─ temperature
│  ├─ too-cold
│  ├─ ui-reading
│  ├─ heater
│  ├─ fail-safe
│  ├─ heater-wiring
│  └─ report
├─ archive
│  ├─ historian
│  ├─ worker-1
│  ├─ worker-2
│  ├─ worker-3
│  ├─ kept
│  ├─ keeping
│  ├─ seal
│  └─ clerk
└─ dashboard
`;
const noRegisters: Memory = {
  coils: [],
  discreteInputs: [],
  holdingRegisters: [],
  inputRegisters: [],
};

// Whole processes: on a busy machine they take a multiple of their time.
describe("npm start", { timeout: 120_000 }, () => {
  // Takes half a minute, and goes on beside the other tests.
  let chaos: Promise<void> | undefined;
  beforeAll(async () => {
    // The first free ports are for the gateways beside it, which else might find its own free while it has no power.
    const held = await holdPorts(3);
    const gateway = new GatewayProcess("--port", "0", "--chaos", "--calm", "1");
    const url = await gateway.url();
    for (const server of held) server.close();
    chaos = survive(gateway, url);
    chaos.catch(() => {});
  });

  it("switches the heater off and on over Modbus, and stops in order", async () => {
    await using gateway = new GatewayProcess("--port", "0", "--speed", "20");
    const [, devicePort] = await gateway.prints(/Modbus TCP on 127\.0\.0\.1:(\d+), heater 1/);
    const [, pricesPort] = await gateway.prints(/price feed +ws:\/\/127\.0\.0\.1:(\d+)/);
    const [, alarmsPort] = await gateway.prints(/alarms +http:\/\/127\.0\.0\.1:(\d+)/);
    const url = await gateway.url();
    await gateway.prints(/heater +switched on: \d\d\.\d °C/);
    await gateway.prints(/report +\d\d\.\d °C/);
    await gateway.prints(/heater +switched off: \d\d\.\d °C/);
    await gateway.prints(/heater +switched on: \d\d\.\d °C/);

    const { code, took } = await gateway.end("SIGINT");
    expect(code).toBe(0);
    expect(took).toBeLessThan(beforeGivenUp);
    expect(gateway.stderr).toBe("");
    expect(stoppedGroups(gateway.stdout)).toBe(
      "archive, control, pumps, energy, weather, alarms, market, device",
    );
    expect(gateway.stdout).toMatch(/\nRan for .* and stopped in order\. Goodbye\.\n$/);
    for (const port of [devicePort, pricesPort, alarmsPort, new URL(url).port]) {
      expect(await refuses(Number(port))).toBe(true);
    }
    const [, sidecar] = /sidecar +started pid=(\d+)/.exec(gateway.stdout)!;
    expect(isAlive(Number(sidecar))).toBe(false);
  });

  it("prints a line for each event, without colours where there is no terminal", async () => {
    await using gateway = new GatewayProcess("--port", "0");
    await gateway.prints(/switched on/);
    await gateway.end("SIGTERM");
    const [welcome, events, goodbye, ...rest] = gateway.stdout.trim().split(/\n{2}(?=\d\d:|Ran)/);
    expect(welcome).toContain("http://127.0.0.1:");
    for (const event of events!.split("\n")) expect(event).toMatch(line);
    expect(goodbye).toMatch(/^Ran for/);
    expect(rest).toEqual([]);
    expect(gateway.stdout).not.toContain("\u001b");
  });

  it("prints the address of its dashboard, which is alive within two seconds", async () => {
    await using gateway = new GatewayProcess("--port", "0");
    const [, announced] = await gateway.prints(/dashboard +(http:\S+)\//);
    const start = performance.now();
    const url = await gateway.url();
    const page = await fetch(url);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await firstEvent(`${url}/api/v1/stream`)).toMatch(/^event: (?:change|resync)$/m);
    expect(performance.now() - start).toBeLessThan(10 * 2_000);
    expect(announced).toBe(url);
  });

  it("serves the tree as text and as JSON, and its health", async () => {
    await using gateway = new GatewayProcess("--port", "0");
    const url = await gateway.url();
    await gateway.prints(/switched on/);

    const text = await (await fetch(`${url}/tree.txt`)).text();
    const names = text.split("\n").map((row) => row.slice(0, 25).trimEnd());
    expect(names.join("\n")).toBe(treeNames);
    const tree = await treeAt(url);
    expect(tree).toMatchObject({ id: 0, name: "gateway", kind: "supervisor", status: "ready" });
    for (const name of ["modbus", "price-feed", "alarm-stream", "sidecar"]) {
      expect(find(tree, name)).toMatchObject({ status: "ready", restarts: 0 });
    }
    for (const name of ["price", "circulation-flow", "supply-flow"]) {
      expect(find(tree, name)).toMatchObject({ value: { value: expect.any(Number) } });
    }
    expect(find(tree, "reading")).toMatchObject({
      kind: "signal",
      value: { value: { celsius: expect.any(Number) }, age: expect.any(Number), stale: false },
    });

    const health = await fetch(`${url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: "ready" }]);
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^sup_\w+\{/m);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });

  it("puts a pump right that somebody else has stopped", async () => {
    await using gateway = new GatewayProcess("--port", "0");
    const [, devicePort] = await gateway.prints(/Modbus TCP on 127\.0\.0\.1:(\d+), heater 1/);
    await gateway.prints(/circulation +runs at 100 %/);
    const other = new ModbusActor("other", {
      transport: "tcp",
      host: "127.0.0.1",
      port: Number(devicePort),
    });
    await run(other);
    const pump = new Pump(other.unit(units.supply));
    const speed = async (): Promise<number> => (await pump.read({ timeout: 10_000 })).speed;
    await expect.poll(speed).toBeGreaterThan(0);
    // It may be put right before it is read.
    do await pump.run(0, { timeout: 10_000 });
    while ((await speed()) > 0);
    await expect.poll(speed).toBeGreaterThan(0);
  });

  it("follows another feed, another stream and another sidecar, and leaves nothing of it", async () => {
    const market = await runServer(createPriceServer);
    const building = await runServer(createAlarmServer);
    await using gateway = new GatewayProcess(
      "--port=0",
      `--ws=ws://127.0.0.1:${market.port}/live`,
      `--sse=http://127.0.0.1:${building.port}/alarms`,
      "--exec=echo $$; trap '' INT; while :; do sleep 1; done",
    );
    const url = await gateway.url();
    await gateway.prints(/switched on/);
    const tree = await treeAt(url);
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
    expect(took).toBeLessThan(beforeGivenUp);
    expect(isAlive(pid)).toBe(false);
  });

  it("runs on without its device, says so, and has it when it is there", async () => {
    const port = await freePort();
    await using gateway = new GatewayProcess(
      "--port",
      "0",
      "--modbus",
      `tcp://127.0.0.1:${port}?unit=7&meter=2`,
    );
    const url = await gateway.url();
    await gateway.prints(/modbus +restarts in \d+ ms \(restart 2\)/);
    await gateway.prints(/warn +report +no reading yet/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(find(await treeAt(url), "pumps")).toBeUndefined();

    await runSimulator(port);
    await gateway.prints(/modbus +connected .*unitId=7/);
    await gateway.prints(/switched on/);
    await expect.poll(() => powerAt(url)).toBeGreaterThan(300);
    expect((await gateway.end("SIGTERM")).code).toBe(0);
    expect(gateway.stdout).toContain("heater off: the control ends");
  });

  it("gives up with the reason and exit code 1 when the device has no such registers", async () => {
    const port = await freePort();
    const device = await ModbusServer.listen({
      port,
      memoryOf: () => noRegisters,
      onFault: () => {},
    });
    onTestFinished(() => device.close());
    await using gateway = new GatewayProcess("--port", "0", "--modbus", `tcp://127.0.0.1:${port}`);
    await gateway.prints(/error report +failed: .*illegal data address/);
    await gateway.prints(/error +a supervisor gives up: .*"report"/);
    await gateway.prints(/warn +control +restarts in/);
    await gateway.prints(/error +a supervisor gives up: .*"control"/);
    expect(await gateway.exit()).toBe(1);
    expect(gateway.stdout).toMatch(/\nRan for .* and gave up\. Goodbye\.\n$/);
    expect(gateway.stderr).toContain("illegal data address");
  });

  it("ends within a second when its device hangs, and says that the heater may be on", async () => {
    const port = await freePort();
    const simulator = await runSimulator(port);
    await using gateway = new GatewayProcess("--port", "0", "--modbus", `tcp://127.0.0.1:${port}`);
    await gateway.prints(/switched on/);
    await simulator.cast("suffer", "hang");
    await gateway.prints(/no reading for .*no answer within 500 ms/);
    const { code, took } = await gateway.end("SIGINT");
    expect(code).toBe(0);
    expect(took).toBeLessThan(beforeGivenUp);
    expect(gateway.stdout).toMatch(/error fail-safe +heater may be on: .* cannot switch it off/);
  });

  it("says in one line that its port is in use, and exits with 1", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await using gateway = new GatewayProcess("--port", String(port));
    expect(await gateway.exit()).toBe(1);
    expect(gateway.stderr).toBe(
      `Cannot start: port ${port} cannot be listened on: it is in use; --port N takes another\n`,
    );
    expect(gateway.stdout).toBe("");
  });

  it("says in one line what is wrong with a flag, and exits with 1", async () => {
    await using gateway = new GatewayProcess("--port", "80a");
    expect(await gateway.exit()).toBe(1);
    expect(gateway.stderr).toBe(
      'Cannot start: --port must be an integer from 0 to 65535, got "80a"\n',
    );
    expect(gateway.stdout).toBe("");
  });

  it("tells about its flags, and exits with 0", async () => {
    await using gateway = new GatewayProcess("--help");
    expect(await gateway.exit()).toBe(0);
    for (const flag of "--port --chaos --calm --speed --modbus --ws --sse --exec --help".split(
      " ",
    )) {
      expect(gateway.stdout).toContain(`\n  ${flag}`);
    }
  });

  it("recovers from each trouble of --chaos, and shows in the tree what was started anew", async () => {
    await expect(chaos).resolves.toBeUndefined();
  }, 240_000);
});

/** Listens on the first ports that the demo's own counterparts would take. */
async function holdPorts(count: number): Promise<Server[]> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = createServer().listen(await firstFreePort(5_020), "127.0.0.1");
    await once(server, "listening");
    servers.push(server);
  }
  return servers;
}

/** A gateway with chaos, from the first trouble until the first comes again. */
async function survive(process: GatewayProcess, url: string): Promise<void> {
  await using gateway = process;
  await gateway.prints(/chaos +resets every connection/);
  await gateway.prints(/error modbus +failed: Lost the connection/);
  await gateway.prints(/warn +modbus +restarts in \d+ ms \(restart 1\)/);
  await gateway.prints(/modbus +ready again after/);

  await gateway.prints(/chaos +trips the motor/);
  await gateway.prints(/circulation-speed .*The motor has tripped/);

  await gateway.prints(/chaos +gives the historian two readings/);
  for (const restart of [1, 2]) {
    await gateway.prints(/warn +historian +"keep" will never be handled/);
    await gateway.prints(new RegExp(`historian +restarts in \\d+ ms \\(restart ${restart}\\)`));
  }
  await gateway.prints(/chaos +cuts the power/);
  await gateway.prints(/error simulator +failed: No power/);
  await gateway.prints(/simulator +ready again/);

  await gateway.prints(/chaos +hangs the device/);
  await gateway.prints(/warn +report +no reading for/);
  await gateway.prints(/report +\d\d\.\d °C; readings are back/);
  await gateway.prints(/chaos +hangs the historian/);
  await expect.poll(() => mailbox(url, "historian")).toBe(5);
  await gateway.prints(/chaos +silences the supply pump/);
  await gateway.prints(/supply-reading .*unit 4 .*no answer within 500 ms/);
  await gateway.prints(/chaos +resets every connection/);
  await gateway.prints(/modbus +ready again after/);
  expect(await mailbox(url, "historian")).toBeLessThan(5);
  for (const name of ["price-feed", "alarm-stream", "sidecar"]) {
    expect(gateway.stdout).toMatch(new RegExp(`error ${name} +failed: .*[^]*${name} +ready again`));
  }
  const tree = await treeAt(url);
  for (const name of [
    "simulator",
    "modbus",
    "price-feed",
    "alarm-stream",
    "sidecar",
    "historian",
  ]) {
    expect(find(tree, name)).toMatchObject({ status: "ready", lastError: expect.anything() });
  }
  for (const { name, status } of tree.children!) expect([name, status]).toEqual([name, "ready"]);
  expect(gateway.stdout).not.toMatch(/gives up|left behind/);
  expect(await gateway.end("SIGINT")).toMatchObject({ code: 0 });
}

/** The heater as a device of its own, ready, beside the gateway. */
async function runSimulator(port: number): Promise<Simulator> {
  const simulator = createSimulator(new Tank({ speed: 1 }), port);
  await run(simulator);
  return simulator;
}

/** A server beside the gateway, ready. */
async function runServer<Counterpart extends Actor>(
  create: (port: number) => Counterpart,
): Promise<{ port: number; actor: Counterpart }> {
  const port = await freePort();
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
function stoppedGroups(output: string): string {
  return Array.from(output.matchAll(/(\w+) +stopped$/gm), ([, name]) => name).join(", ");
}

/** What the dashboard says of an actor. */
interface TreeNode extends Omit<Snapshot, "children"> {
  readonly value?: { readonly value?: unknown };
  readonly children?: readonly TreeNode[];
}

async function treeAt(url: string): Promise<TreeNode> {
  return (await (await fetch(`${url}/api/v1/tree`)).json()) as TreeNode;
}

/** The first event of a stream. */
async function firstEvent(url: string): Promise<string> {
  const stream = await fetch(url);
  let text = "";
  for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (/^event: .*$[^]*\n\n/m.test(text)) break;
  }
  return text;
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
  return find(await treeAt(url), "power")?.value?.value;
}

/** Messages that are queued for an actor. */
async function mailbox(url: string, name: string): Promise<number | undefined> {
  return find(await treeAt(url), name)?.mailbox?.length;
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

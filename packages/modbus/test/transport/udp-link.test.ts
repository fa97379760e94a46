import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { ModbusClosedError, ModbusConnectError } from "../../src/lib/errors.ts";
import { openUdpLink } from "../../src/lib/transport/udp-link.ts";
import { frame } from "../servers/scripted-device.ts";

async function device(): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  let isOpen = true;
  socket.once("close", () => (isOpen = false));
  onTestFinished(() => {
    if (isOpen) socket.close();
  });
  return { socket, port: socket.address().port };
}

async function opened(
  port: number,
  { host = "127.0.0.1", signal = new AbortController().signal } = {},
) {
  const messages: string[] = [];
  const dropped: string[] = [];
  const lost = Promise.withResolvers<Error>();
  const heard = Promise.withResolvers<void>();
  const link = await openUdpLink(
    { host, port, address: `${host}:${port}`, connectTimeout: 2_000 },
    {
      onMessage: (id, message) => {
        messages.push(`${id} ${message.toString("hex")}`);
        heard.resolve();
      },
      onDropped: (bytes) => dropped.push(bytes.toString("hex")),
      onLost: lost.resolve,
    },
    signal,
  );
  onTestFinished(() => link.close());
  return { link, messages, dropped, lost: lost.promise, heard: heard.promise };
}

const sockets = () => process.getActiveResourcesInfo().filter((type) => type === "UDPWrap").length;

describe("openUdpLink", () => {
  it("carries a frame in a datagram, also right after it was opened, by name as by address", async () => {
    const { socket, port } = await device();
    const { link, messages, heard } = await opened(port, { host: "localhost" });
    const arrival = once(socket, "message");
    link.send(7, Buffer.from("010300000001", "hex"));
    const [datagram, from] = (await arrival) as [Buffer, { port: number; address: string }];
    expect(datagram).toEqual(frame(7, "01 03 0000 0001"));
    socket.send(frame(7, "01 03 02 002a"), from.port, from.address);
    await heard;
    expect(messages).toEqual(["7 010302002a"]);
  });

  it("drops datagrams that are no frame, and those of others, and goes on", async () => {
    const { socket, port } = await device();
    const stranger = (await device()).socket;
    const { link, messages, dropped, heard } = await opened(port);
    const arrival = once(socket, "message");
    link.send(1, Buffer.from("0103", "hex"));
    const [, { port: from }] = (await arrival) as [Buffer, { port: number }];
    const right = frame(1, "01 03 02 002a");
    const wrong = [
      "00",
      "0001 0001 0003 01 03 00",
      "0001 0000 0004 01 03 00",
      "0001 0000 ffff 01 03",
    ];
    stranger.send(right, from, "127.0.0.1");
    for (const bytes of wrong)
      socket.send(Buffer.from(bytes.replaceAll(" ", ""), "hex"), from, "127.0.0.1");
    socket.send(right, from, "127.0.0.1");
    await heard;
    expect(messages).toEqual(["1 010302002a"]);
    expect(dropped).toEqual(wrong.map((bytes) => bytes.replaceAll(" ", "")));
  });

  it("is lost with ModbusClosedError when the system says that nobody is there", async () => {
    const { socket, port } = await device();
    const { link, lost } = await opened(port);
    socket.close();
    await once(socket, "close");
    link.send(1, Buffer.from("0103", "hex"));
    const error = await lost;
    expect(error).toBeInstanceOf(ModbusClosedError);
    expect(error.message).toContain("ECONNREFUSED");
    await link.close();
  });

  it("rejects with ModbusConnectError when the name does not exist, and leaves nothing", async () => {
    const before = sockets();
    await expect(opened(502, { host: "does-not-exist.invalid" })).rejects.toBeInstanceOf(
      ModbusConnectError,
    );
    while (sockets() > before) await new Promise(setImmediate);
  });

  it("rejects with the signal's reason when it aborts before, and leaves nothing", async () => {
    const before = sockets();
    const controller = new AbortController();
    const attempt = opened(502, { signal: controller.signal });
    controller.abort("stopped");
    await expect(attempt).rejects.toBe("stopped");
    await expect(opened(502, { signal: controller.signal })).rejects.toBe("stopped");
    while (sockets() > before) await new Promise(setImmediate);
  });

  it("can be closed again", async () => {
    const { port } = await device();
    const { link } = await opened(port);
    await Promise.all([link.close(), link.close()]);
    await link.close();
    expect(link.send(1, Buffer.of(1, 3))).toBe(0);
  });
});

import type { Settings } from "../options.ts";
import { AsciiFraming } from "./ascii-framing.ts";
import type { OpenByteStream } from "./byte-stream.ts";
import { Line } from "./line.ts";
import { LineLink, type LineFraming } from "./line-link.ts";
import type { OpenLink } from "./link.ts";
import { openMbapLink } from "./mbap-link.ts";
import { RtuFraming } from "./rtu-framing.ts";
import { openSerialStream } from "./serial-stream.ts";
import { openTcpStream } from "./tcp-stream.ts";
import { openUdpLink } from "./udp-link.ts";

/** How a device is reached. */
export interface Transport {
  readonly name: Settings["transport"];
  /** For messages and hooks, as in "192.168.1.50:502" or "/dev/ttyUSB0". */
  readonly address: string;
  readonly open: OpenLink;
}

/** The transport that the options ask for. */
export function transportOf(settings: Settings): Transport {
  switch (settings.transport) {
    case "tcp":
      return overTcp(settings);
    case "udp":
      return overUdp(settings);
    case "rtu-over-tcp":
      return rtuOverTcp(settings);
    case "rtu":
    case "ascii":
      return serial(settings);
    default:
      return settings satisfies never;
  }
}

type SettingsOf<Name> = Extract<Settings, { readonly transport: Name }>;

function overTcp(settings: NetworkSettings): Transport {
  const { address, openStream } = tcp(settings);
  const open: OpenLink = (events, signal) => openMbapLink(openStream, address, events, signal);
  return { name: "tcp", address, open };
}

function overUdp(settings: NetworkSettings): Transport {
  const address = addressOf(settings);
  const target = { ...settings, address };
  return { name: "udp", address, open: (events, signal) => openUdpLink(target, events, signal) };
}

function rtuOverTcp(settings: SettingsOf<"rtu-over-tcp">): Transport {
  const { address, openStream } = tcp(settings);
  return { name: "rtu-over-tcp", address, open: openLine(openStream, RtuFraming, settings) };
}

function serial(settings: SettingsOf<"rtu" | "ascii">): Transport {
  const { transport: name, path, rs485 } = settings;
  const target = { ...settings, rtsDelay: rs485?.rtsDelay };
  const openStream: OpenByteStream = (events, signal) => openSerialStream(target, events, signal);
  const Framing = name === "rtu" ? RtuFraming : AsciiFraming;
  return { name, address: path, open: openLine(openStream, Framing, settings) };
}

interface NetworkSettings {
  readonly host: string;
  readonly port: number;
  readonly connectTimeout: number;
}

function tcp(settings: NetworkSettings) {
  const address = addressOf(settings);
  const target = { ...settings, address };
  const openStream: OpenByteStream = (events, signal) => openTcpStream(target, events, signal);
  return { address, openStream };
}

function addressOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The line outlives its connections: what an earlier one asked may still be answered. */
function openLine(
  openStream: OpenByteStream,
  Framing: new () => LineFraming,
  settings: { readonly quietTime: number; readonly turnaround: number; readonly timeout: number },
): OpenLink {
  const { quietTime, turnaround, timeout } = settings;
  const line = new Line({ quietTime, turnaround, patience: timeout });
  const silence = Math.max(quietTime, shortestSilence);
  return (events, signal) =>
    LineLink.open(openStream, { line, framing: new Framing(), silence }, events, signal);
}

/**
 * Milliseconds. A USB adapter hands on what it has every 16 ms, and a server for serial lines when its packet is full: a
 * shorter silence is none of the device's.
 */
const shortestSilence = 25;

import type { Workload } from "../../lib/bench-case.ts";
import type { Link, OpenLink } from "./links.ts";
import { messageOf, startPeer } from "./peer.ts";

/** Each message goes out when the one before has come back. */
export async function echoes(open: OpenLink): Promise<Workload> {
  return over(open, "echo", async (link, operations) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let count = 0;
    const next = () => link.send(messageOf(count)).catch(reject);
    link.onMessage = (data) => {
      if (Number.parseInt(data, 10) !== count) return reject(unexpected(data, count));
      count += 1;
      if (count === operations) resolve();
      else void next();
    };
    void next();
    await promise;
  });
}

/** So many are on their way at a time; the peer has added up all of them at the end. */
export async function sends(open: OpenLink, atATime: number): Promise<Workload> {
  return over(open, "sum", async (link, operations) => {
    const sum = new Promise<string>((resolve) => (link.onMessage = resolve));
    for (let from = 0; from < operations; from += atATime) {
      const to = Math.min(from + atATime, operations);
      if (to === from + 1) await link.send(messageOf(from));
      else await Promise.all(sendAll(link, from, to));
    }
    await link.send("sum");
    const expected = (operations * (operations - 1)) / 2;
    if (Number(await sum) !== expected) throw unexpected(await sum, expected);
  });
}

/** The peer sends them as fast as it can. */
export async function receipts(open: OpenLink): Promise<Workload> {
  return over(open, "flood", async (link, operations) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let count = 0;
    link.onMessage = (data) => {
      if (Number.parseInt(data, 10) !== count) return reject(unexpected(data, count));
      count += 1;
      if (count === operations) resolve();
    };
    await link.send(String(operations));
    await promise;
  });
}

async function over(
  open: OpenLink,
  path: "echo" | "sum" | "flood",
  sample: (link: Link, operations: number) => Promise<void>,
): Promise<Workload> {
  const peer = await startPeer(path);
  const link = await open(peer.url);
  return {
    sample: (operations) => sample(link, operations),
    async close() {
      await link.close();
      peer.stop();
    },
  };
}

function sendAll(link: Link, from: number, to: number): Promise<void>[] {
  const all: Promise<void>[] = [];
  for (let number = from; number < to; number += 1) all.push(link.send(messageOf(number)));
  return all;
}

function unexpected(result: string, expected: number): Error {
  return new Error(`Cannot accept the result: ${expected} was expected, and ${result} came`);
}

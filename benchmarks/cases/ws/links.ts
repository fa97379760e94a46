import { once } from "node:events";
import { Supervisor } from "@sup/core";
import { WebSocketActor } from "@sup/ws";
import { WebSocket } from "ws";

/** One connection, by ws or by the actor. */
export interface Link {
  /** Resolves when the message was handed to the system. */
  send(data: string): Promise<void>;
  /** Called with each message; set before one is expected. */
  onMessage: (data: string) => void;
  close(): Promise<void>;
}

export type OpenLink = (url: string) => Promise<Link>;

/** By the library alone, without compression as in the actor. */
export async function bareLink(url: string): Promise<Link> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const link: Link = {
    send: (data) =>
      new Promise((resolve, reject) => {
        socket.send(data, (error) => (error ? reject(error) : resolve()));
      }),
    onMessage: () => {},
    async close() {
      socket.close();
      await once(socket, "close");
    },
  };
  socket.on("message", (data: Buffer) => link.onMessage(data.toString()));
  await once(socket, "open");
  return link;
}

/** By the actor, under a supervisor. */
export async function actorLink(url: string): Promise<Link> {
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const feed = new WebSocketActor("feed", url, {
    onConnect: () => resolve(),
    onMessage: ({ data }) => link.onMessage(data as string),
  });
  const root = new Supervisor("root", { actors: [feed] });
  const link: Link = {
    send: (data) => feed.send(data),
    onMessage: () => {},
    close: () => root.stop(),
  };
  root.start();
  await connected;
  return link;
}

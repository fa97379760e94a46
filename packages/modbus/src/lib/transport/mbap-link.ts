import type { ByteStream, OpenByteStream } from "./byte-stream.ts";
import type { Link, LinkEvents } from "./link.ts";
import { encodeMbap, MbapDeframer } from "./mbap.ts";

/** Modbus TCP over a stream that `open` opens to `address`. A stream that loses its framing is lost. */
export async function openMbapLink(
  open: OpenByteStream,
  address: string,
  events: LinkEvents,
  signal: AbortSignal,
): Promise<Link> {
  const deframer = new MbapDeframer(address);
  // What made the owner end the link in the middle of a chunk was the last that it wants to hear.
  let isOver = false;
  const deliver = (transactionId: number, message: Buffer) => {
    if (!isOver) events.onMessage(transactionId, message);
  };
  const stream: ByteStream = await open(
    {
      onBytes: (chunk) => {
        try {
          deframer.push(chunk, deliver);
        } catch (fault) {
          stream.lose(fault as Error);
        }
      },
      onLost: (error) => {
        isOver = true;
        events.onLost(error);
      },
    },
    signal,
  );
  return {
    send: (transactionId, message) => stream.write(encodeMbap(transactionId, message)),
    close: () => {
      isOver = true;
      return stream.close();
    },
  };
}

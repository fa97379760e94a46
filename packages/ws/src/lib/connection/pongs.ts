import type { WebSocket } from "ws";

/**
 * Answers pings with one pong at a time: while one waits to go out, only the newest of the pings that come is kept, as RFC
 * 6455 section 5.5.3 allows. A flood of pings fills no memory so.
 */
export function answerPings(socket: WebSocket, onHanded: () => void): void {
  let isUnderway = false;
  let next: Buffer | undefined;
  const answer = (ping: Buffer) => {
    isUnderway = true;
    socket.pong(ping, undefined, () => {
      isUnderway = false;
      const newest = next;
      next = undefined;
      if (newest !== undefined && socket.readyState === socket.OPEN) answer(newest);
      onHanded();
    });
  };
  socket.on("ping", (ping) => {
    if (isUnderway) next = ping;
    else if (socket.readyState === socket.OPEN) answer(ping);
  });
}

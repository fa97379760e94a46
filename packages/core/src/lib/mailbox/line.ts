import type { Receiver } from "./receiver.ts";

/** A place in a line: a receiver's, or the end of the line, which is before the first and behind the last. */
export interface Place {
  ahead: Place | undefined;
  behind: Place | undefined;
}

/** A line of receivers, first come, first out; a receiver stands in one line at a time. */
export class Line implements Place {
  ahead: Place = this;
  behind: Place = this;

  get first(): Receiver | undefined {
    return this.behind === this ? undefined : (this.behind as Receiver);
  }

  add(receiver: Receiver): void {
    receiver.ahead = this.ahead;
    receiver.behind = this;
    this.ahead.behind = receiver;
    this.ahead = receiver;
  }

  /** Takes out the first one. */
  shift(): Receiver | undefined {
    const { first } = this;
    if (first !== undefined) leaveLine(first);
    return first;
  }
}

/** Takes `place` out of the line that it stands in, if it stands in one. */
export function leaveLine(place: Place): void {
  const { ahead, behind } = place;
  if (ahead === undefined || behind === undefined) return;
  ahead.behind = behind;
  behind.ahead = ahead;
  place.ahead = place.behind = undefined;
}

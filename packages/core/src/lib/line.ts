/** A place in a line: a member's, or the end of the line, which is before the first and behind the last. */
export interface Place {
  ahead: Place | undefined;
  behind: Place | undefined;
}

/**
 * A line of members, first come, first out; a member stands in one line at a time. They are linked to each other, so that
 * a million of them come and go, in any order, at the cost of one each.
 */
export class Line<Member extends Place> implements Place {
  ahead: Place = this;
  behind: Place = this;

  get first(): Member | undefined {
    return this.behind === this ? undefined : (this.behind as Member);
  }

  add(member: Member): void {
    member.ahead = this.ahead;
    member.behind = this;
    this.ahead.behind = member;
    this.ahead = member;
  }

  /** Takes out the first one. */
  shift(): Member | undefined {
    const { first } = this;
    if (first !== undefined) leaveLine(first);
    return first;
  }

  toArray(): Member[] {
    const members: Place[] = [];
    for (let place = this.behind; place !== this; place = place.behind!) members.push(place);
    return members as Member[];
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

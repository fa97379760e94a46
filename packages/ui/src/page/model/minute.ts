const seconds = 60;

/**
 * The last minute of many numbers, one point per second, in one array: a row of a hundred thousand takes a place in it only
 * once it has something to tell.
 */
export class Minutes {
  #points = new Float32Array(64 * seconds);
  #until = new Float64Array(64);
  #free: number[] = [];
  #size = 0;

  /** A place of its own, in which nothing is known yet. */
  take(): number {
    const place = this.#free.pop() ?? this.#grow();
    this.#points.fill(Number.NaN, place * seconds, (place + 1) * seconds);
    this.#until[place] = 0;
    return place;
  }

  give(place: number): void {
    this.#free.push(place);
  }

  /** Sets the point of a second; the seconds since the last one get `between`. */
  set(place: number, second: number, value: number, between: number): void {
    const last = this.#until[place]!;
    if (last !== 0) {
      for (let gap = Math.max(last + 1, second - seconds); gap < second; gap++) {
        this.#points[place * seconds + (gap % seconds)] = between;
      }
    }
    this.#points[place * seconds + (second % seconds)] = value;
    this.#until[place] = second;
  }

  /** The points up to a second, oldest first; those after the last one set are `after`. */
  read(place: number, second: number, after: number): number[] {
    const last = this.#until[place]!;
    const points: number[] = [];
    for (let at = second - seconds + 1; at <= second; at++) {
      if (last === 0 || at <= last - seconds) points.push(Number.NaN);
      else if (at > last) points.push(after);
      else points.push(this.#points[place * seconds + (at % seconds)]!);
    }
    return points;
  }

  #grow(): number {
    if (this.#size === this.#until.length) {
      this.#points = larger(this.#points, new Float32Array(this.#points.length * 2));
      this.#until = larger(this.#until, new Float64Array(this.#until.length * 2));
    }
    return this.#size++;
  }
}

function larger<Numbers extends Float32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

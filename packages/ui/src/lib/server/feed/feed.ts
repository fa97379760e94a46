import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Inspectable } from "@sup/bus";
import { Supervisor } from "@sup/core";
import { Check } from "@sup/core/adapter";
import type { ActorState, PageChange, PageSnapshot, ValueState } from "../../model/wire.ts";
import { Journal } from "../journal/journal.ts";
import { Patrol } from "../journal/patrol.ts";
import { Ring } from "../journal/ring.ts";
import { TreeRows } from "../rows/tree-rows.ts";
import { ValueRow } from "../rows/value-row.ts";
import type { Redact } from "../text/redaction.ts";
import { ChangeRing } from "./change-ring.ts";
import { cpuTime } from "./cpu-time.ts";
import { Meter } from "./meter.ts";
import type { Viewer } from "./viewer.ts";

/** What a feed is of. */
export interface FeedOptions {
  readonly root: Supervisor | (() => Supervisor);
  readonly observe: readonly Inspectable<unknown>[];
  readonly tick: number;
  readonly redact: Redact | undefined;
}

/** Told of a tick that failed, which would otherwise be the end of the process. */
type Report = (error: unknown) => void;

/** Changes that are kept for who was away, and rows that they are of: some 20 MB at most. */
const keptChanges = 100;
const keptRows = 200_000;
/** Each so many milliseconds whoever was told nothing for as long is told that the stream lives: each 2 s at the latest. */
const pulse = 1_000;
/** Milliseconds without a viewer after which what was read last is forgotten. */
const coolAfter = 30_000;
/** One part in so many of the time may go into telling what changes: a huge tree is read less often. */
const restPerWork = 20;
/** Ticks in a row that must take long for that: a single one may have had much to tell. */
const ticksCompared = 4;

const compress = promisify(gzip);

/**
 * What viewers see of one tree: read while there are any, at most once a tick, and told to all of them in the same frame.
 * The journal is kept always.
 */
export class Feed {
  readonly journal: Journal;
  readonly meter: Meter = new Meter();
  readonly rows: TreeRows;
  readonly values: readonly ValueRow[];
  readonly #options: FeedOptions;
  readonly #patrol: Patrol;
  /** This process: numbers of another one mean something else. */
  readonly #epoch: string = randomBytes(9).toString("base64url");
  readonly #ring: ChangeRing = new ChangeRing(keptChanges, keptRows);
  readonly #viewers: Set<Viewer> = new Set();
  #root: Supervisor | undefined;
  #report: Report = () => {};
  #isOpen = false;
  #forget: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Apart from the ticks, which are rare where a tree is huge. */
  #pulse: NodeJS.Timeout | undefined;
  /** Milliseconds that the last ticks computed. */
  readonly #took: Ring<number> = new Ring(ticksCompared);
  #cooling: NodeJS.Timeout | undefined;
  /** Whether nothing was read, or what was read is forgotten. */
  #isCold = true;
  #readAt = -Infinity;
  /** Whether the last tick had something to tell beside what telling costs: that must not keep itself going. */
  #hasNews = false;
  /** The number of the last event that viewers were told. */
  #eventSeq = 0;
  #snapshot: { readonly at: number; readonly body: Promise<Buffer> } | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.journal = new Journal(() => this.root);
    this.#patrol = new Patrol(this.journal, () => this.root, options.observe);
    this.rows = new TreeRows(this.journal);
    this.values = options.observe.map(
      (value, id) => new ValueRow(id, value, options.redact, this.journal),
    );
  }

  /** @throws {TypeError} when `root` is a function that does not return one */
  get root(): Supervisor {
    return (this.#root ??= rootOf(this.#options.root));
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  viewersFrom(address: string): number {
    let count = 0;
    for (const viewer of this.#viewers) if (viewer.address === address) count++;
    return count;
  }

  /** Takes viewers, and notes what happens. */
  start(report: Report): void {
    this.#report = report;
    this.#forget ??= this.root.observe(this.journal);
    this.#patrol.start();
    this.#isOpen = true;
  }

  /** Ends all streams, takes no more, and forgets what was read; what was noted stays. */
  close(): void {
    this.#isOpen = false;
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers.clear();
    this.#cool();
  }

  /** Notes nothing any more. */
  stop(): void {
    this.close();
    this.#patrol.stop();
    this.#forget?.();
    this.#forget = undefined;
  }

  /** The rows as they are now, or were less than a tick ago. */
  refresh(): void {
    if (this.#timer === undefined && performance.now() - this.#readAt >= this.#options.tick) {
      this.meter.time(() => this.#read());
    }
    this.#coolLater();
  }

  /** A `PageSnapshot` as gzipped JSON, encoded at most once a tick. */
  snapshot(): Promise<Buffer> {
    this.refresh();
    const now = performance.now();
    if (this.#snapshot === undefined || now - this.#snapshot.at >= this.#options.tick) {
      const text = this.meter.time(() => JSON.stringify(this.#toSnapshot()));
      this.#snapshot = { at: now, body: compress(text) };
    }
    return this.#snapshot.body;
  }

  /** How far the changes went that `id` stands for; `undefined` when that is not known here. */
  seqOf(id: string | undefined): number | undefined {
    const [epoch, text = ""] = (id ?? "").split(":", 2);
    return epoch === this.#epoch && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  }

  /** From now on `viewer` is told each change, after those that it has missed. */
  add(viewer: Viewer): void {
    if (!this.#isOpen) return viewer.end();
    this.refresh();
    this.#viewers.add(viewer);
    clearTimeout(this.#cooling);
    // It is busy with the begin of its stream; that much more it bears.
    if (viewer.seq !== this.#ring.seq) this.meter.time(() => this.#catchUp(viewer, new Map()));
    if (this.#timer === undefined) this.#schedule(this.#options.tick);
    this.#pulse ??= setInterval(() => this.#beat(), pulse);
  }

  remove(viewer: Viewer): void {
    if (!this.#viewers.delete(viewer) || this.#viewers.size > 0) return;
    this.#rest();
    this.#coolLater();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#pulse);
    this.#timer = this.#pulse = undefined;
    this.meter.rest();
  }

  #beat(): void {
    const before = performance.now() - pulse;
    for (const viewer of this.#viewers) {
      if (!viewer.isBusy && viewer.writtenAt <= before) viewer.write(heartbeat);
    }
  }

  #schedule(delay: number): void {
    this.#timer = setTimeout(() => {
      const start = cpuTime();
      try {
        this.meter.time(() => this.#tick());
      } catch (error) {
        this.#begin();
        this.#report(error);
      }
      const took = cpuTime() - start;
      this.#took.push(took);
      const least = Math.min(...this.#took.newest());
      this.#schedule(Math.max(this.#options.tick - took, least * restPerWork));
    }, delay);
  }

  #tick(): void {
    this.#read();
    const frames: Frames = new Map();
    for (const viewer of this.#viewers) this.#tell(viewer, frames);
  }

  /** Tells a viewer what it does not know yet, unless it has not taken yet what it was told before. */
  #tell(viewer: Viewer, frames: Frames): void {
    const isCurrent = viewer.seq === this.#ring.seq;
    if (viewer.isBusy) {
      if (this.#hasNews) this.meter.skipped();
    } else if (!isCurrent) {
      this.#catchUp(viewer, frames);
    }
  }

  #catchUp(viewer: Viewer, frames: Frames): void {
    this.#write(viewer, this.#frameSince(viewer.seq, frames));
    viewer.seq = this.#ring.seq;
  }

  #write(viewer: Viewer, frame: Buffer): void {
    viewer.write(frame);
    if (this.#hasNews) this.meter.sent(frame.length);
  }

  #frameSince(seq: number, frames: Frames): Buffer {
    let frame = frames.get(seq);
    if (frame === undefined) {
      const change = this.#ring.since(seq);
      frame =
        change === undefined
          ? Buffer.from(`id: ${this.#id}\nevent: resync\ndata: {}\n\n`)
          : Buffer.from(`id: ${this.#id}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`);
      frames.set(seq, frame);
    }
    return frame;
  }

  get #id(): string {
    return `${this.#epoch}:${this.#ring.seq}`;
  }

  /** Reads what is shown, and puts what has changed into the ring. */
  #read(): void {
    this.#readAt = performance.now();
    const { gone, came, actors } = this.rows.read(this.root);
    const isInTree = (id: number): boolean => this.rows.get(id) !== undefined;
    const values = this.values.map((row) => row.read(isInTree)).filter((one) => one !== undefined);
    const events = this.journal.since(this.#eventSeq);
    this.#eventSeq = this.journal.seq;
    const self = this.meter.sample(this.#viewers.size);
    if (this.#isCold) {
      this.#isCold = false;
      this.#ring.restart();
      return;
    }
    const change: PageChange = {
      now: Date.now(),
      ...(gone.length > 0 && { gone }),
      ...(came.length > 0 && { came }),
      ...(actors.length > 0 && { actors }),
      ...(values.length > 0 && { values }),
      ...(events.length > 0 && { events }),
      ...(self !== undefined && { self }),
    };
    const parts = Object.keys(change).length - 1;
    this.#hasNews = parts > (self === undefined ? 0 : 1);
    if (parts > 0) this.#ring.push(change);
  }

  #toSnapshot(): PageSnapshot {
    return {
      version: 1,
      id: this.#id,
      now: Date.now(),
      tick: this.#options.tick,
      actors: this.rows.states() satisfies ActorState[],
      values: this.values.map(({ state }): ValueState => state),
      // Those after `#eventSeq` come with the next change.
      events: this.journal.since(0).filter(({ seq }) => seq <= this.#eventSeq),
      self: { ...this.meter.cost, viewers: this.#viewers.size },
    };
  }

  #coolLater(): void {
    clearTimeout(this.#cooling);
    if (this.#viewers.size > 0) return;
    this.#cooling = setTimeout(() => this.#cool(), coolAfter).unref();
  }

  /** Holds on to no actor that nobody looks at. */
  #cool(): void {
    clearTimeout(this.#cooling);
    this.#rest();
    this.#begin();
  }

  /** Knows nothing, and neither do its viewers. */
  #begin(): void {
    this.#isCold = true;
    this.#readAt = -Infinity;
    this.#snapshot = undefined;
    this.rows.clear();
  }
}

/** What viewers are told in one tick, by the number of the change that they know. */
type Frames = Map<number, Buffer>;

const heartbeat = Buffer.from(":\n\n");

function rootOf(root: Supervisor | (() => Supervisor)): Supervisor {
  const given: unknown = typeof root === "function" ? root() : root;
  if (given instanceof Supervisor) return given;
  return new Check("show the tree").refuse("root", "a function that returns a Supervisor", given);
}

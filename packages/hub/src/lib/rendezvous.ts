/** What `sticky` takes, and what identifies a routee for it; a number or a bigint counts as its decimal text. */
export type StickyKey = string | number | bigint;

/** The hash of a text, 64 bits as two signed integers, so that V8 stores each without an allocation. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

/**
 * The candidate with the highest score for `key` (rendezvous hashing, also known as highest random weight): each score
 * depends on the key and that one candidate only, so that a candidate that comes or goes moves no key but its own.
 *
 * What this returns for a key is a promise to other processes and later versions: nothing below may ever change.
 */
export function rendezvous<Candidate extends { readonly hash: Hash }>(
  key: Hash,
  candidates: readonly Candidate[],
): Candidate {
  let best = candidates[0]!;
  let bestScore = score(key, best.hash);
  for (const candidate of candidates) {
    const its = score(key, candidate.hash);
    if (its < bestScore || (its === bestScore && !isAbove(candidate.hash, best.hash))) continue;
    best = candidate;
    bestScore = its;
  }
  return best;
}

/** Two multiplicative hashes of the UTF-16 code units, the first of them FNV-1a, each finished by a mixer. */
export function hashOf(key: StickyKey): Hash {
  const text = String(key);
  let high = 0x811c9dc5;
  let low = 0x9e3779b1;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca77);
  }
  return { high: mix(high), low: mix(low) };
}

/** Spreads a change of any bit over all 32 (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

function score(key: Hash, candidate: Hash): number {
  return mix(mix(key.high ^ candidate.high) ^ key.low ^ candidate.low);
}

/** Decides between equal scores, so that the order of the candidates never does. */
function isAbove(one: Hash, other: Hash): boolean {
  return one.high > other.high || (one.high === other.high && one.low > other.low);
}

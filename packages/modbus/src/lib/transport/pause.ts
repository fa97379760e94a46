/**
 * Calls `resume` once `due` (of `performance.now()`) is reached, never before, and hardly after: timers count in whole
 * milliseconds, of which a quiet time may have less than two. What is left of one is waited out in turns of the event loop,
 * at least one of them: who asked has what is returned before it is called.
 *
 * @returns a function that calls it off
 */
export function pauseUntil(due: number, resume: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  const wait = () => {
    const left = due - performance.now();
    if (left >= 1) timer = setTimeout(look, Math.min(Math.floor(left), longestDelay));
    else turn = setImmediate(look);
  };
  const look = () => {
    if (performance.now() >= due) resume();
    else wait();
  };
  wait();
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}

/** Milliseconds: a longer timer of JavaScript would fire at once. */
const longestDelay = 2_147_483_647;

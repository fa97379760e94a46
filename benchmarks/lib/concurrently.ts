/** Runs that many senders at once and waits for all; sender `first` of `step` does the indices first, first + step, … */
export async function concurrently(
  step: number,
  sender: (first: number, step: number) => Promise<void>,
): Promise<void> {
  await Promise.all(Array.from({ length: step }, (_, first) => sender(first, step)));
}

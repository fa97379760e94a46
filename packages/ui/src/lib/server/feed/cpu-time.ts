/**
 * Milliseconds that this thread has computed; of the whole process where Node cannot tell (before 22.19). What passes while
 * other programs have the processor is none of it.
 */
export function cpuTime(): number {
  const usage = process.threadCpuUsage as typeof process.threadCpuUsage | undefined;
  const { user, system } = usage === undefined ? process.cpuUsage() : process.threadCpuUsage();
  return (user + system) / 1_000;
}

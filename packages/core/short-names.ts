/*
 * Members that core alone knows, and that its declarations leave out: in what is published they have short names, which makes
 * it 4 % smaller. A name that a public type has, or one of the platform, must not stand here; a test looks after that.
 */

/** Of `Mailbox` and `Supervisor`. */
const ofBases = `
  announce aside attach callBack childClosed childEnded childFailed childRegistered childSettled detach enlist enter failed
  hasAbandoned hasMessages historyOf idle leave logEvent loggerInUse mark ownersLife receivers running serveLife take
  undelivered whose withdrawn
`;

/** Of what nobody derives a class from. */
const ofOthers = `
  adopt after ahead alive awaited before begin beginAfter behind busy died disown drop ended endedByItself ending envelope epoch
  expect fence filled finished first give halt handed heard history holder holding isOver letGo lifeOver lifeReady listed lose nextDelay owner
  pending proceed receivesFrom receivesNoMoreFrom register rejectBy rest served settled stage taken toArray watched withdraw
  within work
`;

export const internals: readonly string[] = `${ofBases} ${ofOthers}`.trim().split(/\s+/);

/** Short names that a class derived from one of core's does not have by accident; the others may get any. */
export const shortNames: Readonly<Record<string, string>> = Object.fromEntries(
  ofBases
    .trim()
    .split(/\s+/)
    .map((name, index) => [name, `$${index.toString(36)}`]),
);

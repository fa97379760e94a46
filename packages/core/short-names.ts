/**
 * Members that core alone knows, and that its declarations leave out: what is published has short names for them, which makes
 * it 4 % smaller. A name that a public type has, or one of the platform, must not stand here; a test looks after that.
 */
export const internals: readonly string[] = [
  ["adopt", "after", "ahead", "alive", "announce", "aside", "attach", "awaited"],
  ["before", "begin", "beginAfter", "behind", "busy"],
  ["childClosed", "childFailed", "childRegistered", "childSettled"],
  ["detach", "died", "disown", "drop"],
  ["ended", "endedByItself", "ending", "enter", "envelope", "epoch", "expect"],
  ["failed", "fence", "finished", "first"],
  [
    "give",
    "halt",
    "handed",
    "hasAbandoned",
    "hasMessages",
    "history",
    "historyOf",
    "holder",
    "holding",
  ],
  ["isOver", "leave", "letGo", "lifeOver", "lifeReady", "listed", "lose"],
  ["mark", "nextDelay", "owner", "pending", "proceed"],
  ["receivers", "receivesFrom", "receivesNoMoreFrom", "register", "rejectBy", "rest", "running"],
  ["serveLife", "served", "settled", "stage"],
  ["take", "taken", "toArray", "undelivered"],
  ["watched", "whose", "withdraw", "withdrawn", "within", "work"],
].flat();

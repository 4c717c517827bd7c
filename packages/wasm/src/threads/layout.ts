/**
 * Indices of 32-bit words in the block that the threads of a pool share. Words that are written while threads watch others lie in
 * separate cache lines (16 words).
 */
export const common = {
  /** Counts the barriers passed; threads that have arrived wait for it to change. */
  generation: 0,
  /** How many threads sleep at the barrier and must be woken up. */
  sleepers: 1,
  /** How many threads have arrived at the barrier. */
  arrived: 16,
  /** The abort flag: 0, or one more than the number of the thread that failed first. A thread that finds it set at a barrier stops. */
  abort: 32,
  /** The current run: number of the program, index of the entry among its exports, number of threads. */
  program: 33,
  entry: 34,
  threads: 35,
  /** How many workers have not begun the current run. */
  unclaimed: 48,
  /** 1 while the caller sleeps until a worker has finished. */
  callerSleeps: 64,
  /** How many times in succession a thread spun at the barrier and had to sleep after all. Only a hint. */
  missedSpins: 80,
  words: 96,
} as const;

/** The abort flag of a thread that waited too long for another to begin. */
export const abortedByTimeout = -1;

/** Indices of words in the block that the caller shares with one worker. */
export const mailbox = {
  ticket: 0,
  /** 1 while the worker sleeps until the ticket changes. */
  sleeps: 1,
  /** The numbers of messages that were posted to the worker, and that it has handled. */
  sent: 16,
  handled: 17,
  /** The text of a trap in UTF-8: its length in bytes, and where it begins. */
  textBytes: 18,
  text: 32,
  words: 288,
} as const;

/** The most bytes of the text of a trap. */
export const maximumTextBytes = /* @__PURE__ */ (() => 4 * (mailbox.words - mailbox.text))();

/** States of a worker's ticket. Only the caller offers and revokes; only the worker takes and frees. */
export const ticket = {
  free: 0,
  offered: 1,
  running: 2,
  /** Wakes up a worker that has a message to handle. */
  nudged: 3,
  /** The caller has given up the worker, which must not access memory any more. */
  revoked: 4,
  /** The worker ended by itself. */
  gone: 5,
} as const;

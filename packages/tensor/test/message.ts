/** What an attempt throws, as text: the name of the error and its message. */
export function messageOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

/** The messages of several attempts, by name, for a snapshot. */
export function messagesOf(attempts: Readonly<Record<string, () => unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attempts).map(([name, attempt]) => [name, messageOf(attempt)]));
}

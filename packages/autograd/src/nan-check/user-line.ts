/** Matches files of the packages, as sources or installed. */
const library = /[\\/](?:@nn|packages)[\\/](?:tensor|autograd|compiler|layers|losses|optim|linalg|data|metrics|train)[\\/](?:src|dist)[\\/]/;

/** File, line and column at the end of a line of a stack: `… (file:///a/b.ts:3:7)`, or `f@https://host/b.js:3:7`. */
const location = /(?:^|[\s(@])((?:[a-z][a-z+.-]*:\/\/|\/|[A-Za-z]:\\)[^\s()]+:\d+:\d+)\)?$/;

/** Matches the query that development servers append to the name of a file: `?t=1722`. */
const query = /\?[^?]*(?=:\d+:\d+$)/;

/** Number of stack frames that are captured. */
const depth = 200;

/** An error with a deep stack. Its text is made only when it is read. */
export function captureStack(): Error {
  // Only V8 has this limit, which is 10 by default.
  const limit: unknown = Reflect.get(Error, "stackTraceLimit");
  Reflect.set(Error, "stackTraceLimit", depth);
  try {
    return new Error("stack");
  } finally {
    Reflect.set(Error, "stackTraceLimit", limit);
  }
}

/** The innermost line of a stack outside the library; `undefined` if the library's own lines cannot be recognised, as in a bundle. */
export function userLine({ stack = "" }: Error): string | undefined {
  const lines = stack.split("\n").flatMap((line) => location.exec(line.trim())?.[1] ?? []);
  const first = lines.findIndex((line) => library.test(line));
  if (first < 0) return undefined;
  const line = lines.slice(first).find((each) => !library.test(each) && !each.startsWith("node:"));
  return line?.replace(/^file:\/\//, "").replace(query, "");
}

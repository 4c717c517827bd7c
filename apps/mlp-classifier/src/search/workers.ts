import { connect } from "node:net";
import { systemReason } from "@nn/files";
import { Failure, UsageFailure } from "../failure.js";
import type { Terminal } from "../terminal/terminal.js";
import type { SearchPlan } from "./plan.js";

/** How long, in milliseconds, a Redis may take to answer. */
const longestConnecting = 10_000;

/** The queue through which the trials of a search go to its workers. */
export const queueName = ({ id }: SearchPlan): string => `nn-mlp-${id}`;

/**
 * Tries to connect to a Redis: its clients would wait for it without an end.
 * @throws UsageFailure if it is no address; Failure if nothing answers there.
 */
export async function requireRedis(address: string): Promise<void> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") throw new UsageFailure("the address of the workers' Redis is not one, expected such as redis://127.0.0.1:6379");
  const [host, port] = [url.hostname.replace(/^\[|\]$/g, ""), portOf(url)];
  const socket = connect({ host, port, timeout: longestConnecting });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", () => resolve()).once("error", reject).once("timeout", () => reject(new Error("it does not answer")));
    });
  } catch (cause) {
    throw new Failure(`cannot connect to Redis at ${serverOf(address)}: ${systemReason(cause)}; start one with: redis-server --save ""`, { cause });
  } finally {
    socket.destroy();
  }
}

/** The address of a Redis as workers are told it: not with its password. */
export function addressFor(address: string): string {
  return new URL(address).password === "" ? address : "<address>";
}

/** The machine and the port of an address, without a password. */
export function serverOf(address: string): string {
  const url = new URL(address);
  return `${url.hostname}:${portOf(url)}`;
}

function portOf({ port }: URL): number {
  return port === "" ? 6379 : Number(port);
}

/** How often, in milliseconds, it is said that a connection is lost. */
const noteInterval = 60_000;

/** Says that the connection to the Redis is lost, now and then: every attempt to connect again that fails is an error. */
export function connectionNotes(terminal: Terminal, address: string, who: string): (error: Error) => void {
  let notedAt = -Infinity;
  return (error) => {
    if (performance.now() - notedAt < noteInterval) return;
    notedAt = performance.now();
    terminal.note(`The connection to Redis at ${serverOf(address)} is lost: ${systemReason(error)}. It is made again as soon as the server is back; Ctrl-C ends ${who}.`);
  };
}

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Redis of one test: on a free port of the loopback interface, with its files in a temporary folder. */
export interface RedisServer {
  readonly url: string;
  /** Ends it, and starts it again a moment later, at the same port and with nothing in it. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Whether `redis-server` is there; where it can, it is installed from the distribution first. */
export function hasRedis(): boolean {
  const isThere = (): boolean => spawnSync("redis-server", ["--version"]).status === 0;
  if (isThere()) return true;
  if (process.getuid?.() !== 0) return false;
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update", "-qq"], { env: environment });
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "redis-server"], { env: environment });
  return isThere();
}

/** A process of a Redis that is ready. */
interface Running {
  readonly kill: () => Promise<void>;
}

/** Starts a Redis; of a port that another program takes meanwhile it tries the next. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "nn-redis-"));
  for (let attempt = 0; attempt < 6; attempt++) {
    const port = await freePort();
    let running = await startAt(port, folder);
    if (running === undefined) continue;
    return {
      url: `redis://127.0.0.1:${port}`,
      restart: async () => {
        await running?.kill();
        await new Promise((done) => setTimeout(done, 500));
        running = await startAt(port, folder);
        if (running === undefined) throw new Error("redis-server does not start again");
      },
      stop: async () => {
        await running?.kill();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }
  throw new Error("redis-server does not start");
}

/** Starts a Redis at a port; `undefined` if it ends instead. */
async function startAt(port: number, folder: string): Promise<Running | undefined> {
  const child = spawn("redis-server", ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder, "--save", "", "--appendonly", "no"], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const isReady = await new Promise<boolean>((resolve) => {
    let output = "";
    child.stdout.on("data", (text: Buffer) => {
      output += text.toString();
      if (output.includes("Ready to accept connections")) resolve(true);
    });
    void ended.then(() => resolve(false));
  });
  if (!isReady) return undefined;
  return {
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

import { describe, expect, test } from "vitest";
import { CompetitorError, CompetitorProcess } from "../../src/competitor/process.js";
import { mark } from "../../src/competitor/protocol.js";

/** A competitor that runs this program. */
const competitor = (program: string) => new CompetitorProcess({ program: process.execPath, args: ["-e", program] });

const answering = `
  console.log("a library greets");
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { count } = JSON.parse(line);
    console.log(${JSON.stringify(mark)} + JSON.stringify(count === 13 ? { error: "unlucky" } : { wall: count }));
  });
`;

describe("a competitor's process", () => {
  test("answers one request at a time, whatever else it prints to its output", async () => {
    const child = competitor(answering);
    expect(await child.request({ do: "run", untimed: 0, count: 1 })).toEqual({ wall: 1 });
    await expect(child.request({ do: "run", untimed: 0, count: 13 })).rejects.toThrow(new CompetitorError("unlucky"));
    expect(await child.request({ do: "run", untimed: 0, count: 2 })).toEqual({ wall: 2 });
    await child.end();
    await expect(child.request({ do: "load" })).rejects.toThrow("has ended");
  });

  test("that ends unexpectedly is an error with its last output", async () => {
    const child = competitor(`process.stdin.once("data", () => { console.error("out of luck"); process.exit(3); })`);
    await expect(child.request({ do: "load" })).rejects.toThrow("ended with status 3: out of luck");
    await child.end();
  });

  test("that cannot be started is an error too", async () => {
    const child = new CompetitorProcess({ program: "/no/such/program", args: [] });
    await expect(child.figures()).rejects.toThrow("ENOENT");
    await child.end();
  });
});

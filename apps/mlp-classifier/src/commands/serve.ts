import { once } from "node:events";
import { listed } from "../data/column-warnings.js";
import { readPredictor } from "../model/read-predictor.js";
import { expected } from "../server/request-body.js";
import { PredictionServer } from "../server/prediction-server.js";
import { describeFacts } from "../terminal/facts.js";
import type { Terminal } from "../terminal/terminal.js";

/** The command-line options of a server. */
export interface ServeRequest {
  /** A model file, or the folder of a run. */
  readonly model: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly json: boolean;
}

/** Answers requests for predictions until the signal. */
export async function serve({ model: path, port, json }: ServeRequest, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const served = await readPredictor(path);
  const server = await PredictionServer.start(served, port);
  try {
    const { address } = server;
    if (json) terminal.event("serving", { address, model: served.file });
    else {
      terminal.print(...describeFacts([
        ["model", served.file], ["classes", listed(served.model.classes)], ["address", address], ["predict", `POST ${address}/predict with ${expected(served.model)}`],
      ], terminal.style, terminal.columns), "", "Ctrl-C ends the server.");
    }
    if (!signal.aborted) await once(signal, "abort");
  } finally {
    await server.close();
  }
}

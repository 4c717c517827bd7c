import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { loopbackHeaders, loopbackRefusal } from "@nn/dashboard/loopback";
import { FormatError, TableEncoder } from "@nn/data";
import { systemReason } from "@nn/files";
import { version } from "../cli/version.js";
import { describeForm } from "../data/images/image-file.js";
import { predictionCsv, predictionJson, predictionRecords, probabilitiesOf } from "../evaluation/predictions.js";
import { Failure, isSystemError, sentence, UsageFailure } from "../failure.js";
import type { ReadPredictor } from "../model/read-predictor.js";
import { HttpFailure } from "./http-failure.js";
import { examplesOf, expected } from "./request-body.js";

/** What is answered. */
interface Answer {
  readonly status: number;
  readonly type: "application/json" | "text/csv";
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The time that requests in progress have when the server ends, in milliseconds. */
const graceTime = 5000;

/** A server of predictions on this machine alone. */
export class PredictionServer {
  readonly #server: Server;
  readonly #served: ReadPredictor;

  private constructor(served: ReadPredictor) {
    this.#served = served;
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  /**
   * Begins to listen on a port; 0 is a free one.
   * @throws Failure if the port cannot be used.
   */
  static async start(served: ReadPredictor, port: number): Promise<PredictionServer> {
    const prediction = new PredictionServer(served);
    prediction.#server.listen(port, "127.0.0.1");
    try {
      await once(prediction.#server, "listening");
    } catch (cause) {
      if (isSystemError(cause, "EADDRINUSE")) throw new UsageFailure(`--port ${port} is in use; choose another one, or leave --port out for a free one`, cause);
      throw new Failure(`cannot listen on port ${port}: ${systemReason(cause)}`, { cause });
    }
    return prediction;
  }

  get address(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  /** Answers the requests that have come, and takes no more. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), graceTime);
    await closed;
    clearTimeout(timer);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(request).catch(failureAnswer);
    response.writeHead(answer.status, {
      ...loopbackHeaders, ...answer.headers, "content-type": `${answer.type}; charset=utf-8`,
      // The rest of a body that was not read is not taken for the next request.
      ...(request.complete ? {} : { connection: "close" }),
    });
    response.end(request.method === "HEAD" ? undefined : answer.body);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const refusal = loopbackRefusal(request);
    if (refusal !== undefined) throw new HttpFailure(403, refusal);
    const path = (request.url ?? "/").split("?")[0];
    if (path === "/") return requireMethod(request, ["GET", "HEAD"]) ?? json(200, this.#description);
    if (path === "/predict") return requireMethod(request, ["POST"]) ?? this.#predict(request);
    throw new HttpFailure(404, `there is no ${path}; GET / describes the model, POST /predict predicts`);
  }

  async #predict(request: IncomingMessage): Promise<Answer> {
    const { model: { classes }, predictor } = this.#served;
    const { examples, form } = await examplesOf(request, this.#served.model);
    const probabilities = await probabilitiesOf(predictor, examples.features);
    if (wantsCsv(request, form === "CSV")) {
      const headers = examples.notes.length === 0 ? {} : { "x-notes": asciiJson(examples.notes) };
      return { status: 200, type: "text/csv", body: predictionCsv(classes, examples, probabilities), headers };
    }
    return json(200, { predictions: predictionRecords(classes, examples, probabilities), notes: examples.notes });
  }

  /** The model, and how to use it. */
  get #description(): Readonly<Record<string, unknown>> {
    const { file, model } = this.#served;
    const { input, classes, test } = model;
    const example = input.kind === "image"
      ? `curl --data-binary @image.png ${this.address}/predict`
      : `curl --data-binary @rows.csv ${this.address}/predict`;
    return {
      program: `nn-mlp ${version}`, model: file, classes, test,
      input: input.kind === "image" ? describeForm(input) : { columns: Object.fromEntries(input.columns.filter(({ name }) => name !== input.target).map(({ name, kind }) => [name, kind])), features: TableEncoder.fromJSON(input.encoder).featureNames.length },
      predict: `POST /predict with ${expected(model)}; answers in the form of the request, or in that of the Accept header`,
      example,
    };
  }
}

function json(status: number, value: unknown, headers?: Readonly<Record<string, string>>): Answer {
  return { status, type: "application/json", body: `${predictionJson(value, 2)}\n`, ...(headers === undefined ? {} : { headers }) };
}

/** A value as JSON of ASCII characters alone, as headers need it. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007F-\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The answer to a method that a path does not have. */
function requireMethod({ method = "" }: IncomingMessage, methods: readonly string[]): Answer | undefined {
  return methods.includes(method) ? undefined : json(405, { error: `this path takes ${methods.join(" or ")}, not ${method}` }, { allow: methods.join(", ") });
}

/** Whether the answer is CSV: as the Accept header says, or in the form of the request. */
function wantsCsv({ headers: { accept = "" } }: IncomingMessage, otherwise: boolean): boolean {
  const [csv, asJson] = [accept.includes("text/csv"), accept.includes("application/json")];
  return csv === asJson ? otherwise : csv;
}

/** The answer to a request that failed: what is wrong with it, and nothing about the program. */
function failureAnswer(error: unknown): Answer {
  if (error instanceof HttpFailure) return json(error.status, { error: error.message });
  if (error instanceof Failure || error instanceof FormatError) return json(400, { error: sentence(error) });
  return json(500, { error: "the prediction failed because of an error of the program" });
}

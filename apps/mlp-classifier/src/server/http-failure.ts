import { Failure } from "../failure.js";

/** A request that is refused, with the status of the answer. */
export class HttpFailure extends Failure {
  override readonly name = "HttpFailure";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

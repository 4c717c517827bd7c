import { Generator, uniform } from "@nn/tensor";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isLost, longestEpisode, pushed, startOf, type CartState, type Push } from "../tasks/cart-pole.js";

/** Who pushes the cart. */
export type Player = "nobody" | "agent" | "reader";
export const players = ["nobody", "agent", "reader"] as const;

/** Milliseconds for a step of the cart: real time for the agent, half as fast for a reader. */
const pace = { agent: 20, reader: 40 } as const;
/** Milliseconds for which the end of an episode is seen. */
const rest = 1200;

/** A game with the cart on the screen, for an element: the agent plays one episode after another; a reader begins an episode with a push. */
export class CartGame implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #act: (state: CartState) => Push;
  readonly #random = new Generator(1);
  #frame = 0;
  #time = 0;
  /** Milliseconds that have not been played yet. */
  #due = 0;
  player: Player = "nobody";
  state: CartState = [0, 0, 0, 0];
  steps = 0;
  /** Whether the episode is over. */
  isOver = false;
  /** The last push, or the one that the reader makes now. */
  push: Push = 0;

  constructor(host: ReactiveControllerHost, act: (state: CartState) => Push) {
    this.#host = host;
    this.#act = act;
    host.addController(this);
    this.#begin();
  }

  hostDisconnected(): void {
    this.play("nobody");
  }

  play(player: Player): void {
    cancelAnimationFrame(this.#frame);
    if (player !== this.player) this.#begin();
    this.player = player;
    this.#time = performance.now();
    if (player !== "nobody") this.#frame = requestAnimationFrame((time) => this.#tick(time));
    this.#host.requestUpdate();
  }

  /** The reader pushes, or lets go (0). */
  hold(push: Push): void {
    if (this.player !== "reader") return;
    if (push !== 0 && this.isOver && this.#due >= rest / 2) this.#begin();
    this.push = push;
  }

  #begin(): void {
    this.state = startOf(() => uniform([], { generator: this.#random }).item());
    [this.steps, this.isOver, this.push, this.#due] = [0, false, 0, 0];
  }

  #tick(time: number): void {
    const { player } = this;
    if (player === "nobody") return;
    // A page in the background has no frames: what passed there is not made up for.
    this.#due += Math.min(100, Math.max(0, time - this.#time));
    this.#time = time;
    // A reader's episode begins with the first push.
    const waits = player === "reader" && this.steps === 0 && this.push === 0;
    if (waits) this.#due = 0;
    while (!this.isOver && this.#due >= pace[player]) this.#step(player);
    if (this.isOver && player === "agent" && this.#due >= rest) this.#begin();
    this.#frame = requestAnimationFrame((next) => this.#tick(next));
    this.#host.requestUpdate();
  }

  #step(player: "agent" | "reader"): void {
    if (player === "agent") this.push = this.#act(this.state);
    this.state = pushed(this.state, this.push);
    this.steps += 1;
    this.#due -= pace[player];
    this.isOver = isLost(this.state) || this.steps >= longestEpisode;
    if (this.isOver) this.#due = 0;
  }
}

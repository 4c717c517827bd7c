/** Cart position and speed, pole angle (0 is upright) and angular speed. */
export type State = readonly [position: number, speed: number, angle: number, angularSpeed: number];

const [gravity, cartMass, poleMass, halfLength, force, interval] = [9.8, 1, 0.1, 0.5, 10, 0.02];
const totalMass = cartMass + poleMass;

/** The maximum number of steps of an episode. */
export const longest = 500;

/**
 * A pole on a cart that is pushed to the left or to the right (Barto, Sutton and Anderson 1983), with the usual constants and limits:
 * an episode ends when the pole leans by more than 12 degrees or the cart is more than 2.4 m from the middle.
 */
export class CartPole {
  readonly #random: () => number;
  #state: State = [0, 0, 0, 0];
  #steps = 0;

  /** `random` returns numbers from 0 to 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Begins an episode near the upright position. */
  reset(): State {
    const small = (): number => this.#random() * 0.1 - 0.05;
    this.#steps = 0;
    return (this.#state = [small(), small(), small(), small()]);
  }

  /** Pushes the cart for a fiftieth of a second: 0 to the left, 1 to the right. */
  step(action: number): { readonly state: State; readonly fell: boolean; readonly ended: boolean } {
    const [position, speed, angle, angularSpeed] = this.#state;
    const push = action === 1 ? force : -force;
    const common = (push + poleMass * halfLength * angularSpeed ** 2 * Math.sin(angle)) / totalMass;
    const angularAcceleration = (gravity * Math.sin(angle) - Math.cos(angle) * common) / (halfLength * (4 / 3 - (poleMass * Math.cos(angle) ** 2) / totalMass));
    const acceleration = common - (poleMass * halfLength * angularAcceleration * Math.cos(angle)) / totalMass;
    this.#state = [position + interval * speed, speed + interval * acceleration, angle + interval * angularSpeed, angularSpeed + interval * angularAcceleration];
    this.#steps += 1;
    const fell = Math.abs(this.#state[0]) > 2.4 || Math.abs(this.#state[2]) > (12 * Math.PI) / 180;
    return { state: this.#state, fell, ended: fell || this.#steps >= longest };
  }
}

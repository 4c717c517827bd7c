/** Position and speed of the cart, angle (0 is upright) and angular speed of the pole, in metres, radians and seconds. */
export type CartState = readonly [position: number, speed: number, angle: number, angularSpeed: number];

/** A push to the left, none, or one to the right. */
export type Push = -1 | 0 | 1;

const [gravity, cartMass, poleMass, halfLength, force, interval] = [9.8, 1, 0.1, 0.5, 10, 0.02];
const totalMass = cartMass + poleMass;

/** An episode ends where the cart is farther from the middle (in metres), or the pole leans more (in radians). */
export const [farthest, steepest] = [2.4, (12 * Math.PI) / 180];

/** An episode has so many steps at most. */
export const longestEpisode = 500;

/** A state near the upright one; `random` returns numbers from 0 to 1. */
export function startOf(random: () => number): CartState {
  const small = (): number => random() * 0.1 - 0.05;
  return [small(), small(), small(), small()];
}

/** The state a fiftieth of a second later: a pole on a cart that is pushed (Barto, Sutton and Anderson 1983), with the usual constants. */
export function pushed([position, speed, angle, angularSpeed]: CartState, push: Push): CartState {
  const common = (push * force + poleMass * halfLength * angularSpeed ** 2 * Math.sin(angle)) / totalMass;
  const angularAcceleration = (gravity * Math.sin(angle) - Math.cos(angle) * common) / (halfLength * (4 / 3 - (poleMass * Math.cos(angle) ** 2) / totalMass));
  const acceleration = common - (poleMass * halfLength * angularAcceleration * Math.cos(angle)) / totalMass;
  return [position + interval * speed, speed + interval * acceleration, angle + interval * angularSpeed, angularSpeed + interval * angularAcceleration];
}

/** Whether the pole has fallen, or the cart has left its track. */
export const isLost = ([position, , angle]: CartState): boolean => Math.abs(position) > farthest || Math.abs(angle) > steepest;

/** The number of steps of an episode in which `act` chooses every push. */
export function lengthOf(act: (state: CartState) => Push, start: CartState): number {
  let state = start;
  for (let step = 1; step < longestEpisode; step++) {
    state = pushed(state, act(state));
    if (isLost(state)) return step;
  }
  return longestEpisode;
}

/** All bits of a lane: a mask that holds. */
export const allBits = -1;

/** The sign bit of a float32, and the least int32. */
export const signBit = -(2 ** 31);

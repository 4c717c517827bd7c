"""The input numbers of every competitor: see ../../src/competitor/values.ts."""
import numpy as np


def hashed(count, seed):
    """lowbias32 of 0 .. count - 1."""
    x = (np.arange(count, dtype=np.uint64) + ((seed * 0x9E3779B1) & 0xFFFFFFFF)).astype(np.uint32)
    x = (x ^ (x >> 16)) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> 15)) * np.uint32(0x846CA68B)
    return x ^ (x >> 16)


def uniform(shape, seed, bound=1.0):
    return ((hashed(int(np.prod(shape)), seed) / 2.0**31 - 1) * bound).astype(np.float32).reshape(shape)


def labels(count, classes, seed):
    return (hashed(count, seed) % classes).astype(np.int64)


def pixels(shape, seed):
    return ((hashed(int(np.prod(shape)), seed) & 255) / 255.0).astype(np.float32).reshape(shape)

"""Minimax polynomials for packages/wasm/src/kernels/math: the Remez exchange algorithm in high precision.

Muller, Elementary Functions (3rd ed. 2016), chapter 3. Each entry of `table` gives a function, an interval, the weight that makes
the error relative to the result, and the powers. The lowest coefficients, which matter most, are
rounded one after the other and the rest is fitted again, so that rounding costs little.

    python3 math-coefficients.py [name ...]      # needs mpmath and numpy
"""
import sys

import mpmath as mp
import numpy as np

mp.mp.dps = 50


def exchange(grid, values, weights, powers, rounds=30):
    """Coefficients of the powers that minimise max |weight (p - value)| on the grid, and that maximum."""
    n, last = len(powers), len(grid) - 1
    rows = [[x**p for p in powers] for x in grid]
    chosen = [round(last * (i + 0.25) / (n + 0.5)) for i in range(n + 1)]
    for _ in range(rounds):
        system, right = mp.matrix(n + 1, n + 1), mp.matrix(n + 1, 1)
        for r, i in enumerate(chosen):
            for c in range(n):
                system[r, c] = rows[i][c] * weights[i]
            system[r, n] = (-1) ** r
            right[r] = values[i] * weights[i]
        solution = mp.lu_solve(system, right)
        coefficients = [solution[c] for c in range(n)]
        errors = [w * (mp.fdot(coefficients, row) - v) for w, row, v in zip(weights, rows, values)]
        chosen = extrema_of(errors, n + 1)
        largest = max(abs(errors[i]) for i in chosen)
        if len(chosen) < n + 1 or largest <= abs(solution[n]) * mp.mpf("1.0005"):
            break
    return coefficients


def extrema_of(errors, count):
    """Where the error is largest in each stretch of one sign; of more than `count` the larger end is kept."""
    found = []
    for i, e in enumerate(errors):
        if found and (errors[found[-1]] > 0) == (e > 0):
            if abs(e) > abs(errors[found[-1]]):
                found[-1] = i
        else:
            found.append(i)
    while len(found) > count:
        found.pop(0 if abs(errors[found[0]]) < abs(errors[found[-1]]) else -1)
    return found


def minimax(f, weight, powers, low, high, bits, apart=4):
    """Coefficients of 24 or 53 bits and the largest error: the first `apart` rounded one by one, the rest together."""
    kind = np.float32 if bits == 24 else np.float64
    low, high = mp.mpf(low), mp.mpf(high)
    if low < 0 < high:
        apart = 0  # x, x², … alone vanish in the middle: no Chebyshev system
    size = 40 * len(powers)
    grid = [low + (high - low) * (1 - mp.cos(mp.pi * (i + mp.mpf(1) / 2) / size)) / 2 for i in range(size)]
    weights = [mp.mpf(weight(x)) for x in grid]
    exact = [mp.mpf(f(x)) for x in grid]
    values, done = exact, []
    while len(done) < len(powers):
        found = exchange(grid, values, weights, powers[len(done):])
        take = 1 if len(done) < apart and len(found) > 2 else len(found)
        for c in found[:take]:
            power = powers[len(done)]
            done.append(mp.mpf(float(kind(mp.nstr(c, 40)))))
            values = [v - done[-1] * x**power for v, x in zip(values, grid)]
    return done, max(abs(w * v) for w, v in zip(weights, values))


octave = 3 - 2 * mp.sqrt(2)  # (√2 − 1) / (√2 + 1)


def expm1_rest(r):
    """(e^r − 1 − r) / r²"""
    return mp.hyp1f1(1, 3, r) / 2


def atanh_rest(z):
    """2 atanh(s) = 2s + s³ g(s²): g"""
    if abs(z) < mp.mpf(10) ** -12:
        return mp.mpf(2) / 3 + 2 * z / 5
    s = mp.sqrt(z)
    return (2 * mp.atanh(s) - 2 * s) / s**3


def sin_rest(z):
    """(sin r / r − 1) / r² at z = r²"""
    return -mp.hyp1f2(1, 2, mp.mpf(5) / 2, -z / 4) / 6


def cos_rest(z):
    """(cos r − 1 + r²/2) / r⁴ at z = r²"""
    return mp.hyp1f2(1, 3, mp.mpf(5) / 2, -z / 4) / 24


def atan_rest(z):
    """(atan u / u − 1) / u² at z = u²"""
    return -mp.hyp2f1(1, mp.mpf(3) / 2, mp.mpf(5) / 2, -z) / 3


def erf_near(z):
    """erf(x) / x at z = x²"""
    return 2 / mp.sqrt(mp.pi) * mp.hyp1f1(mp.mpf(1) / 2, mp.mpf(3) / 2, -z)


def erfcx(x):
    if x > 30:
        return mp.fsum((-1) ** n * mp.fac2(2 * n - 1) / (2 * x * x) ** n for n in range(1, 20)) / (x * mp.sqrt(mp.pi)) + 1 / (x * mp.sqrt(mp.pi))
    return mp.erfc(x) * mp.exp(x * x)


def erfcx_of(shift):
    """(1 + 2x) e^(x²) erfc(x) at q = (x − shift) / (x + shift)"""
    return lambda q: (1 + 2 * x_of(q, shift)) * erfcx(x_of(q, shift))


def x_of(q, shift):
    return shift * (1 + q) / (1 - q)


def tail_q(x, shift):
    return (mp.mpf(x) - shift) / (mp.mpf(x) + shift)


def erfinv_of_w(w):
    """erf⁻¹(x) / x at w = −log(1 − x²)"""
    if w < mp.mpf(10) ** -30:
        return mp.sqrt(mp.pi) / 2
    x = mp.sqrt(-mp.expm1(-w))
    return inverse_erf(x, w) / x


def inverse_erf(x, w):
    """Newton's method on log erfc, which is nearly a parabola."""
    rest = mp.exp(-w) / (1 + x)  # 1 − x
    y = mp.erfinv(x) if w < 5 else mp.sqrt(w)
    for _ in range(60):
        step = (mp.log(mp.erfc(y)) - mp.log(rest)) * mp.erfc(y) * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
        y += step
        if abs(step) < mp.mpf(10) ** -42:
            break
    return y


# name: (function, weight, powers, low, high, bits)
table = {
    "exp32": (expm1_rest, lambda r: abs(r) + mp.mpf("0.001"), range(5), "-0.3475", "0.3475", 24),
    "expm1of32": (expm1_rest, lambda r: abs(r) + mp.mpf("0.001"), range(6), "-0.3475", "0.3475", 24),
    "tanh32": (expm1_rest, lambda r: r + mp.mpf("0.001"), range(6), 0, "0.7", 24),
    "log32": (atanh_rest, lambda z: z + mp.mpf(10) ** -6, range(3), 0, octave**2, 24),
    "sin32": (sin_rest, lambda z: z + mp.mpf(10) ** -6, range(3), 0, "0.64", 24),
    "cos32": (cos_rest, lambda z: z * z + mp.mpf(10) ** -6, range(3), 0, "0.64", 24),
    "atan32": (atan_rest, lambda z: z + mp.mpf(10) ** -6, range(9), 0, 1, 24),
    "erfNear32": (lambda z: (erf_near(z) - 1), lambda z: 1, range(7), 0, 1, 24),
    "logErfc32": (lambda x: mp.log(mp.erfc(x)), mp.erfc, range(7), 1, 4, 24),
    "erfcTail32": (erfcx_of(2), lambda q: 1, range(11), tail_q("0.5", 2), tail_q("10.1", 2), 24),
    "log2of32": (lambda z: 2 / mp.log(2) * (1 + z * atanh_rest(z) / 2), lambda z: 1, range(5), 0, octave**2, 53),
    "exp2of32": (lambda f: (mp.expm1(f * mp.log(2)) / f if f else mp.log(2)), lambda f: abs(f) + mp.mpf("0.001"), range(7), "-0.5", "0.5", 24),
    "erfInvNear32": (erfinv_of_w, lambda w: 1, range(11), 0, 5, 24),
    "erfInvTail32": (lambda v: erfinv_of_w((v + mp.mpf("3.125"))**2), lambda v: 1, range(11), "-0.9", "0.88", 24),
}

if __name__ == "__main__":
    for name in sys.argv[1:] or table:
        f, weight, powers, low, high, bits = table[name]
        coefficients, error = minimax(f, weight, list(powers), low, high, bits)
        print(f"{name}: 2^{mp.nstr(mp.log(error, 2), 4)}")
        print("  " + ", ".join(repr(float(c)) for c in coefficients), flush=True)

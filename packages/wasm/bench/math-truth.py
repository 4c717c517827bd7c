"""Values of the functions that JavaScript has not, for what the tests compare with: in 60 digits, rounded once.

    python3 math-truth.py > ../test/kernels/math/truth.json        # needs mpmath
"""
import json
import random

import mpmath as mp

mp.mp.dps = 60
random.seed(1)


def inverse_erf(x):
    """Newton's method on log erfc."""
    size = abs(x)
    y = mp.sqrt(-mp.log((1 - size) * (1 + size)))
    for _ in range(60):
        tail = mp.erfc(y)
        y += (mp.log(tail) - mp.log(1 - size)) * tail * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
    return mp.sign(x) * y


def either_sign(x):
    return random.choice((-1, 1)) * x


def small():
    return either_sign(2 ** random.uniform(-60, 0))


cases = {
    "erf": (mp.erf, [small() for _ in range(40)] + [random.uniform(-6, 6) for _ in range(60)]),
    "erfc": (mp.erfc, [small() for _ in range(30)] + [random.uniform(-6, 27) for _ in range(70)]),
    "erfInv": (
        inverse_erf,
        [small() for _ in range(30)]
        + [random.uniform(-1, 1) for _ in range(40)]
        + [either_sign(1 - 2 ** random.uniform(-53, -1)) for _ in range(40)],
    ),
}
table = {}
for name, (function, arguments) in cases.items():
    table[name] = [[x, float(function(mp.mpf(x)))] for x in arguments]
print(json.dumps(table).replace('": [[', '": [\n[').replace("], [", "],\n[").replace("]], ", "]\n],\n"))

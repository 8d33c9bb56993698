"""Values of special functions for packages/autograd/test/rules/special-known.ts, by mpmath 1.3 at 60 digits and more.

python scripts/special/known.py > packages/autograd/test/rules/special-known.ts
"""

import random

from mpmath import besseli, erf, erfc, fabs, findroot, log, loggamma, mp, mpf, pi, polygamma, re, sin, sqrt

mp.dps = 60
random.seed(11)


def lgamma(x):
    return re(loggamma(x)) if x > 0 else log(fabs(pi / sin(pi * x))) - re(loggamma(1 - x))


def erfinv(x):
    if x < 0:
        return -erfinv(-x)
    if x < mpf(10) ** -30:
        return sqrt(pi) / 2 * x
    if x < 0.9:
        return findroot(lambda y: erf(y) / x - 1, x)
    return findroot(lambda y: log(erfc(y) / (1 - x)), sqrt(-log(1 - x)))


def near(x):
    """The doubles next to a number, and some that are further from it."""
    x = float(x)
    return [x, x * (1 + 2**-52), x * (1 - 2**-52), x + 1e-9, x - 1e-5]


def spread(low, high, count=12):
    return [random.uniform(low, high) for _ in range(count)]


def sizes(low, high, count=12):
    return [10 ** random.uniform(low, high) for _ in range(count)]


zeros_of_lgamma = [findroot(lgamma, start) for start in (-2.46, -2.75, -3.14, -3.96)]
zeros_of_digamma = [findroot(lambda x: polygamma(0, x), start) for start in (1.46, -0.5, -1.57, -9.7)]
positive = [*spread(0, 3), *spread(3, 30), *sizes(-300, 0), *sizes(1, 300), 1 + 1e-10, 2 - 1e-12, 0.5, 1.5, 2.5, 10.0, 9.999999]
negative = [*spread(-3, 0), *spread(-30, 0), *[-x for x in sizes(-300, 0)], -1000.3, -1e6 - 0.25, -2 + 1e-13, -7 - 1e-12]
around = [*spread(-3, 3, 24), *spread(-30, 30), *sizes(-300, 0), *[-x for x in sizes(-300, 0)]]
unit = [*spread(-1, 1, 24), *sizes(-300, 0), *[1 - x for x in sizes(-16, 0)], *[x - 1 for x in sizes(-16, 0)], 1 - 2**-53, 0.5]

tables = {
    "lgamma": [(lgamma, x) for x in [*positive, *negative, *[y for zero in zeros_of_lgamma for y in near(zero)]]],
    "psi": [
        (lambda n, x: polygamma(int(n), x), n, x)
        for n, xs in [
            (0, [*positive, *negative, *[y for zero in zeros_of_digamma for y in near(zero)]]),
            (1, [*positive, *negative]),
            (2, [*positive[::2], *negative[::2]]),
            (3, [*positive[1::2], *negative[1::2]]),
            (9, [*spread(0, 3), *spread(3, 30), *spread(-5, 0)]),
            (60, [0.1, 0.7, 1.3, 7.7, 40.2, 100.5, 1e6]),
            (300, [2.3, 7.7, 40.2, 100.5]),
        ]
        for x in xs
    ],
    "erf": [(erf, x) for x in around],
    "erfc": [(erfc, x) for x in [*around, *spread(0, 27, 24)]],
    "erfinv": [(erfinv, x) for x in unit],
    "besselI": [
        (lambda n, x: besseli(int(n), x), n, x)
        for n in (0, 1, 2, 5, 20)
        for x in [*spread(-5, 5), *spread(-40, 40), *sizes(-50, 0), 100.5, 500.0, 711.5, 713.0]
    ],
}


def shown(x):
    if fabs(x) >= mpf(2) ** 1024:
        return "Infinity" if x > 0 else "-Infinity"
    return repr(float(x)).replace("e-0", "e-").replace("e+", "e")


print("// mpmath 1.3 at 60 digits: operands, and the double nearest to the value. scripts/special/known.py writes this file.")
print("// biome-ignore-all format: a row a line")
print("export const known = {")
for name, rows in tables.items():
    print(f"  {name}: [")
    for f, *operands in rows:
        value = f(*[mpf(x) for x in operands])
        # not among the subnormal numbers, which have fewer digits
        if 0 < fabs(value) < mpf(2) ** -1022:
            continue
        print(f"    [{', '.join(shown(mpf(x)) for x in [*operands, value])}],")
    print("  ],")
print("} as const satisfies Record<string, readonly (readonly number[])[]>")

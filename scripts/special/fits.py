"""Coefficients of packages/autograd/src/rules: python fits.py, with mpmath 1.3. Prints what math/gamma.ts and erfinv.ts hold."""

from mpmath import cos, erfinv, euler, expm1, loggamma, lu_solve, matrix, mp, mpf, pi, qr_solve, re, sqrt

mp.dps = 50


def chebyshev(count, low, high):
    return [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * i + 1) / (2 * count)) for i in range(count)]


def quotient(f, over, under, low, high):
    """The quotient of polynomials of these degrees that equals f at Chebyshev nodes."""
    count = over + under + 1
    rows, values = matrix(count, count), matrix(count, 1)
    for i, z in enumerate(chebyshev(count, mpf(low), mpf(high))):
        values[i] = f(z)
        for k in range(over + 1):
            rows[i, k] = z**k
        for k in range(1, under + 1):
            rows[i, over + k] = -values[i] * z**k
    solved = list(lu_solve(rows, values))
    return solved[over::-1], [*solved[:over:-1], mpf(1)]


def polynomial(f, degree, low, high):
    """Of least squared relative distance from f at Chebyshev nodes."""
    nodes = chebyshev(60, mpf(low), mpf(high))
    rows, ones = matrix(60, degree + 1), matrix(60, 1)
    for i, x in enumerate(nodes):
        ones[i] = 1
        for k in range(degree + 1):
            rows[i, k] = x**k / f(x)
    return list(qr_solve(rows, ones)[0])[::-1]


def show(name, numbers, digits=17):
    print(name, [float(mp.nstr(x, digits)) for x in numbers])


def inverse(w):
    """erfinv where 1 - x^2 = exp(-w)."""
    with mp.workdps(100):
        return re(erfinv(sqrt(-expm1(-w))))


over, under = quotient(lambda z: loggamma(2 + z) / z, 6, 5, -0.5, 0.5)
show("gamma.ts over", over)
show("gamma.ts under", under)
show("erfinv.ts centre", polynomial(lambda t: inverse(t + 2.5) / sqrt(-expm1(-t - 2.5)), 6, -2.5, 2.5), 6)
show("erfinv.ts tail", polynomial(lambda s: inverse(s * s), 5, sqrt(5), sqrt(36.1)), 6)

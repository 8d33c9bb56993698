import jax
import jax.numpy as jnp
import numpy as np


def program(data, variant):
    # one kernel either way
    if variant == "eager":
        return None
    a, b = jnp.asarray(data.a), jnp.asarray(data.b)
    multiply = jax.jit(lambda a, b: (a.T if data.transpose_a else a) @ (b.T if data.transpose_b else b))

    def run():
        product = np.asarray(multiply(a, b))
        return [float(product[0, 1]), float(product[-1, -2])]

    return run

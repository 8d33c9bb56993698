import jax.numpy as jnp
from jax.nn import sigmoid
from start import Sgd, trainer


def loss(parameters, x, y):
    w1, b1, w2, b2 = parameters
    return jnp.mean(jnp.square(sigmoid(sigmoid(x @ w1 + b1) @ w2 + b2) - y))


def program(data, variant):
    return trainer(variant, loss, Sgd(data.learning_rate), data.parameters, [data.x, data.y])

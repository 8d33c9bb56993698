import jax.numpy as jnp
from jax.nn import sigmoid
from start import Adam, cross_entropy, trainer


def loss(parameters, x, y):
    wx, wh, b, w, c = parameters
    state = cell = jnp.zeros((x.shape[1], wh.shape[0]))
    for t in range(len(x)):
        i, f, g, o = jnp.split(x[t] @ wx + state @ wh + b, 4, axis=1)
        cell = sigmoid(f) * cell + sigmoid(i) * jnp.tanh(g)
        state = sigmoid(o) * jnp.tanh(cell)
    return cross_entropy(state @ w + c, y)


def program(data, variant):
    return trainer(variant, loss, Adam(data.learning_rate), data.parameters, [data.inputs, data.labels])

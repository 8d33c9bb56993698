import jax.numpy as jnp
from jax import lax
from jax.nn import relu
from start import Adam, cross_entropy, trainer


def layer(x, kernel, bias):
    images = relu(lax.conv(x, kernel, (1, 1), "SAME") + bias[:, None, None])
    return lax.reduce_window(images, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")


def loss(parameters, x, y):
    k1, b1, k2, b2, w, b = parameters
    features = layer(layer(x, k1, b1), k2, b2)
    return cross_entropy(features.reshape(len(x), -1) @ w + b, y)


def program(data, variant):
    return trainer(variant, loss, Adam(data.learning_rate), data.parameters, [data.images, data.labels])

from math import sqrt

import jax
import jax.numpy as jnp
from jax.tree_util import tree_map


def start(variant):
    # what a process needs is in the environment that ../python/worker.py sets
    pass


def trainer(variant, loss, update, parameters, data):
    """One step of training with a loss of (parameters, *data): jitted as a whole, or op by op; the loss before it."""

    def whole(parameters, state, rates, data):
        value, gradients = jax.value_and_grad(loss)(parameters, *data)
        return value, *update.step(parameters, gradients, state, rates)

    step = jax.jit(whole) if variant == "jit" else whole
    parameters = tree_map(jnp.asarray, parameters)
    data = tree_map(jnp.asarray, data)
    state = update.start(parameters)
    steps = 0

    def run():
        nonlocal parameters, state, steps
        steps += 1
        value, parameters, state = step(parameters, state, update.rates(steps), data)
        return [float(value)]

    return run


class Sgd:
    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def start(self, parameters):
        return ()

    def rates(self, steps):
        return ()

    def step(self, parameters, gradients, state, rates):
        return tree_map(lambda p, g: p - self.learning_rate * g, parameters, gradients), state


class Adam:
    """Adam, and AdamW with a weight decay; the corrections of the bias are arguments, or each step would be traced anew."""

    def __init__(self, learning_rate, weight_decay=0.0):
        self.learning_rate = learning_rate
        self.kept = 1 - learning_rate * weight_decay

    def start(self, parameters):
        zeros = tree_map(jnp.zeros_like, parameters)
        return zeros, zeros

    def rates(self, steps):
        scale = sqrt(1 - 0.999**steps)
        return scale, self.learning_rate * scale / (1 - 0.9**steps)

    def step(self, parameters, gradients, state, rates):
        means, squares = state
        scale, rate = rates
        means = tree_map(lambda m, g: 0.9 * m + 0.1 * g, means, gradients)
        squares = tree_map(lambda v, g: 0.999 * v + 0.001 * jnp.square(g), squares, gradients)
        following = tree_map(
            lambda p, m, v: self.kept * p - rate * m / (jnp.sqrt(v) + scale * 1e-8), parameters, means, squares
        )
        return following, (means, squares)


def cross_entropy(logits, labels):
    """The mean of -log softmax(logits) at the labels."""
    chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[..., None], axis=-1)
    return -jnp.mean(chosen)

from functools import partial

import jax.numpy as jnp
from jax.nn import gelu, softmax
from start import Adam, cross_entropy, trainer


def layer_norm(x, given):
    centered = x - jnp.mean(x, -1, keepdims=True)
    variance = jnp.mean(jnp.square(centered), -1, keepdims=True)
    return centered / jnp.sqrt(variance + 1e-5) * given["scale"] + given["shift"]


def linear(x, given):
    return x @ given["weight"] + given["bias"]


def attention(x, qkv, heads):
    batch, time, width = x.shape
    size = width // heads
    parts = linear(x, qkv).reshape(batch, time, 3, heads, size).transpose(2, 0, 3, 1, 4)
    queries, keys, values = parts[0], parts[1], parts[2]
    scores = queries @ jnp.swapaxes(keys, -2, -1) * size**-0.5
    visible = jnp.tril(jnp.ones((time, time), bool))
    mixed = softmax(jnp.where(visible, scores, -1e9), axis=-1) @ values
    return mixed.transpose(0, 2, 1, 3).reshape(batch, time, width)


def loss(heads, parameters, tokens, targets):
    x = parameters["token"][tokens] + parameters["position"]
    for block in parameters["blocks"]:
        x = x + linear(attention(layer_norm(x, block["norm1"]), block["qkv"], heads), block["projection"])
        x = x + linear(gelu(linear(layer_norm(x, block["norm2"]), block["expand"]), approximate=True), block["contract"])
    return cross_entropy(linear(layer_norm(x, parameters["norm"]), parameters["head"]), targets)


def program(data, variant):
    update = Adam(data.learning_rate, data.weight_decay)
    return trainer(variant, partial(loss, data.heads), update, data.parameters, [data.tokens, data.targets])

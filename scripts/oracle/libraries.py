"""What a library makes of a case: values, the gradient of a linear functional of them, and a derivative of that gradient."""

import importlib.metadata
import types

import jax
import numpy as np
import torch

from cases import flat, over_arrays


jax.config.update('jax_enable_x64', True)
torch.set_default_dtype(torch.float64)

versions = {name: importlib.metadata.version(name) for name in ('torch', 'jax', 'numpy')}


def measure_by_torch(function, arguments, weights):
    inputs = []

    def tensor(array):
        made = torch.tensor(array, dtype=torch.int64 if array.dtype.kind == 'i' else None)
        if made.is_floating_point():
            inputs.append(made.requires_grad_())
        return made

    results = flat(function(*[over_arrays(argument, tensor) for argument in arguments]))
    measured = {'values': [result.numpy(force=True) for result in results]}
    tracked = [result for result in results if result.requires_grad]
    if not tracked:
        return measured
    cotangents = [weights(result.shape) for result in tracked]
    total = sum((result * torch.tensor(c)).sum() for result, c in zip(tracked, cotangents))
    gradients = torch.autograd.grad(total, inputs, create_graph=True, materialize_grads=True)
    measured |= {'cotangents': cotangents, 'gradients': [gradient.numpy(force=True) for gradient in gradients]}
    directions = [weights(gradient.shape) for gradient in gradients]
    along = sum((gradient * torch.tensor(d)).sum() for gradient, d in zip(gradients, directions))
    if along.requires_grad:
        try:
            second = torch.autograd.grad(along, inputs, materialize_grads=True)
        except (NotImplementedError, RuntimeError) as error:
            if 'not implemented' not in str(error):
                raise
            return measured
        second = [found.numpy(force=True) for found in second]
    else:
        second = [np.zeros(gradient.shape) for gradient in gradients]
    return measured | {'directions': directions, 'second': second}


def measure_by_jax(function, arguments, weights):
    inputs = []

    def note(array):
        if array.dtype.kind == 'f':
            inputs.append(array)
        return array

    arguments = [over_arrays(argument, note) for argument in arguments]

    def called(*given):
        rest = iter(given)
        swap = lambda array: next(rest) if array.dtype.kind == 'f' else jax.numpy.asarray(array)
        return flat(function(*[over_arrays(argument, swap) for argument in arguments]))

    results = called(*[jax.numpy.asarray(x) for x in inputs])
    measured = {'values': [np.asarray(result) for result in results]}
    smooth = [i for i, result in enumerate(results) if result.dtype.kind == 'f']
    if not inputs or not smooth:
        return measured
    cotangents = [weights(results[i].shape) for i in smooth]
    total = lambda *given: sum((c * called(*given)[i]).sum() for i, c in zip(smooth, cotangents))
    slope = jax.grad(total, argnums=tuple(range(len(inputs))))
    gradients = slope(*inputs)
    directions = [weights(gradient.shape) for gradient in gradients]
    along = lambda *given: sum((d * gradient).sum() for d, gradient in zip(directions, slope(*given)))
    second = jax.grad(along, argnums=tuple(range(len(inputs))))(*inputs)
    return measured | {
        'cotangents': cotangents,
        'gradients': [np.asarray(gradient) for gradient in gradients],
        'directions': directions,
        'second': [np.asarray(found) for found in second],
    }


def measure_by_numpy(function, arguments, _weights):
    return {'values': [np.asarray(result) for result in flat(function(*arguments))]}


by_torch = types.SimpleNamespace(name='torch', measure=measure_by_torch)
by_jax = types.SimpleNamespace(name='jax', measure=measure_by_jax)
by_numpy = types.SimpleNamespace(name='numpy', measure=measure_by_numpy)

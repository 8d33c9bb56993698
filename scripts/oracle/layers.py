"""How layers are made and called, by us and by PyTorch.

A case of a layer has the arguments that ours is made with, its parameters by path, how it is run, and its inputs. Its results
are the tensors of its output, and then its buffers as they are afterwards, in the order in which they were given.
"""

import torch

from cases import flat
from libraries import by_torch


def add(family, name, build, rename, *rows, names={}, call=None):
    """Adds a layer.

    - `build(*made, **options)` gives PyTorch's module, from what ours is made with;
    - `rename` gives the parameters of that by PyTorch's names, of a dict of ours by path;
    - a row is `(made, parameters, how, *inputs)`: `made` a list, with our options as a dict at its end; `how` a dict with
      `train` (default False) and `buffers`, plain lists of numbers by our paths, whose names in PyTorch `names` has;
    - `call(run, *inputs)` calls the module as `run(*given, **words)`, where PyTorch's inputs differ from ours.
    """

    def function(made, parameters, how, *inputs):
        options = made[-1] if made and isinstance(made[-1], dict) else {}
        plain = made[:-1] if options else made
        module = build(*plain, **{option: value for option, value in options.items() if option != 'dtype'})
        module.train(how.get('train', False))
        buffers = {names[path]: torch.tensor(numbers) for path, numbers in how.get('buffers', {}).items()}
        state = rename(parameters) | buffers
        run = lambda *given, **words: torch.func.functional_call(module, state, given, words)
        output = run(*inputs) if call is None else call(run, *inputs)
        return [*leaves(output), *buffers.values()]

    family.add(by_torch, name, function, *rows)


def leaves(output):
    if isinstance(output, (list, tuple)):
        return [leaf for item in output for leaf in leaves(item)]
    return flat(output)


float64 = {'dtype': 'float64'}

"""How losses are called, by us and by PyTorch."""

import torch

# options as ours are, in PyTorch's words
words = {'logInput': 'log_input', 'logTarget': 'log_target', 'epsilon': 'eps', 'positiveWeight': 'pos_weight'}


def named(function):
    """Takes our options, and calls them as PyTorch does."""

    def call(*given):
        tensors = [thing for thing in given if not isinstance(thing, dict)]
        options = {words.get(name, name): option for thing in given[len(tensors) :] for name, option in thing.items()}
        if options.get('reduction') == 'batchMean':
            options['reduction'] = 'batchmean'
        return function(*tensors, **options)

    return call


def every(*tensors, **options):
    return [(*tensors, {**options, 'reduction': reduction}) for reduction in ('mean', 'sum', 'none')]


def reduced(losses, reduction):
    return {'mean': torch.mean, 'sum': torch.sum, 'none': lambda x: x}[reduction](losses)

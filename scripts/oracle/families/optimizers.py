"""Where PyTorch's optimizers, and optax's where PyTorch has none, go from the same parameters under the same losses.

The problem is that of packages/nn/test/optimizers-problem.ts. Each run has two groups with numbers of their own; parameters are kept
after steps 1, 2, 3, 10 and 40.
"""

import math

import numpy as np
import torch

from cases import Recorded

family = Recorded()
torch.set_default_dtype(torch.float64)
kept = [1, 2, 3, 10, 40]


def grid(rows, columns, phase):
    return [[math.sin(1.7 * i + 0.9 * j + phase) for j in range(columns)] for i in range(rows)]


start = {
    'weight': [[round(x, 4) for x in row] for row in grid(3, 4, 0.3)],
    'bias': [0.5, -1.2, 2.0, 0.1],
    'scale': [1.5, -0.7],
    'second': [[round(x, 4) for x in row] for row in grid(4, 2, 1.1)],
}
inputs = [[round(x, 4) for x in row] for row in grid(2, 3, 2.0)]
family.head = {'start': start, 'inputs': inputs}


def loss_of(p, step, library):
    """Of step 1, 2, ...; `library` is torch or jax.numpy. Far from convex, with slopes of both signs that change."""
    x = library.asarray(np.array(inputs)) if library is not torch else torch.tensor(inputs)
    hidden = library.sin(x @ p['weight'] + p['bias'])
    out = (hidden @ p['second']) * p['scale']
    pull = (1 + step % 3) / 4
    squares = sum((value * value).sum() for value in p.values())
    return (out * out).sum() + 0.5 * library.sin(3 * out + step).sum() + pull * squares / 4


def parameters():
    return {name: torch.nn.Parameter(torch.tensor(value)) for name, value in start.items()}


def flat(p):
    return {name: np.array(value.detach() if isinstance(value, torch.Tensor) else value) for name, value in p.items()}


def written(states):
    """Thirteen digits of each element: they are compared to ten."""
    return [[[float(f'{x:.13g}') for x in state[n].ravel()] for n in start] for state in states]


def save(name, options, states):
    family.cases.append({'name': name, **options, 'steps': kept, 'values': written(states)})


matrices, vectors = ['weight', 'second'], ['bias', 'scale']


def run(name, make, options, second, ours=None):
    """`second` is what the group of the vectors has of its own."""
    p = parameters()
    groups = [{'params': [p[n] for n in matrices]}, {'params': [p[n] for n in vectors], **second}]
    optimizer = make(groups, **options)
    states = []
    for step in range(1, kept[-1] + 1):
        optimizer.zero_grad()
        loss_of(p, step, torch).backward()
        optimizer.step()
        if step in kept:
            states.append(flat(p))
    save(name, {'class': ours or make.__name__, 'options': options, 'second': second}, states)


O = torch.optim
decay = {'lr': 0.03, 'weight_decay': 0.2}
plain = {'lr': 0.03}

for key, options in {
    'plain': dict(lr=0.05),
    'decay': dict(lr=0.05, weight_decay=0.1),
    'momentum': dict(lr=0.05, momentum=0.8, weight_decay=0.1),
    'dampening': dict(lr=0.05, momentum=0.8, dampening=0.3, weight_decay=0.1),
    'nesterov': dict(lr=0.05, momentum=0.8, nesterov=True),
    'maximize': dict(lr=2e-4, momentum=0.5, maximize=True, weight_decay=0.1),
}.items():
    run(f'SGD {key}', O.SGD, options, {'lr': 0.03 if key != 'maximize' else 1e-4, 'weight_decay': 0.2})

betas = dict(lr=0.05, betas=(0.8, 0.95))
for make in (O.Adam, O.AdamW):
    name = make.__name__
    run(f'{name} defaults', make, dict(lr=0.05), plain)
    run(f'{name} betas', make, dict(**betas, eps=1e-6, weight_decay=0.1), decay)
    run(f'{name} amsgrad', make, dict(**betas, amsgrad=True, weight_decay=0.1), decay)
    run(f'{name} maximize', make, dict(**betas, maximize=True, weight_decay=0.1), decay)
run('Adamax', O.Adamax, dict(**betas, weight_decay=0.1), decay)
run('Adamax defaults', O.Adamax, dict(lr=0.05), plain)
run('NAdam', O.NAdam, dict(**betas, momentum_decay=0.01, weight_decay=0.1), decay)
run('NAdam defaults', O.NAdam, dict(lr=0.05), plain)
run('NAdam decoupled', O.NAdam, dict(**betas, weight_decay=0.1, decoupled_weight_decay=True), decay)
run('RAdam', O.RAdam, dict(**betas, weight_decay=0.1), decay)
run('RAdam defaults', O.RAdam, dict(lr=0.05), plain)
run('RAdam decoupled', O.RAdam, dict(lr=0.05, betas=(0.9, 0.99), weight_decay=0.1, decoupled_weight_decay=True), decay)
run('Adagrad', O.Adagrad, dict(lr=0.1), plain)
run('Adagrad decay', O.Adagrad, dict(lr=0.1, lr_decay=0.02, initial_accumulator_value=0.3, weight_decay=0.1, eps=1e-7), decay)
run('Adadelta', O.Adadelta, dict(), {'lr': 0.5})
run('Adadelta decay', O.Adadelta, dict(lr=0.7, rho=0.8, eps=1e-4, weight_decay=0.1), decay)
run('RMSprop', O.RMSprop, dict(lr=0.02), plain)
run('RMSprop centered', O.RMSprop, dict(lr=0.02, centered=True, alpha=0.9, weight_decay=0.1), decay)
run('RMSprop momentum', O.RMSprop, dict(lr=0.02, momentum=0.7, alpha=0.9, eps=1e-6, weight_decay=0.1), decay)
run('RMSprop both', O.RMSprop, dict(lr=0.01, momentum=0.7, centered=True), decay)
run('Rprop', O.Rprop, dict(lr=0.02), plain)
run('Rprop etas', O.Rprop, dict(lr=0.02, etas=(0.4, 1.3), step_sizes=(1e-4, 0.3)), plain)
run('ASGD', O.ASGD, dict(lr=0.05, t0=10.0), plain)
run('ASGD decay', O.ASGD, dict(lr=0.05, lambd=0.01, alpha=0.6, t0=5.0, weight_decay=0.1), decay)
run('Adafactor', O.Adafactor, dict(lr=0.05, eps=(1e-30, 1e-3)), plain)
run('Adafactor decay', O.Adafactor, dict(lr=0.05, beta2_decay=-0.7, d=1.5, weight_decay=0.1, eps=(1e-20, 1e-2)), decay)


def in_double(make):
    """Muon of PyTorch orthogonalizes in bfloat16; in float64 it is the same by the formula."""

    def made(groups, **options):
        optimizer = make(groups, **options)
        step = optimizer.step

        def in_float64():
            before = torch.Tensor.bfloat16
            torch.Tensor.bfloat16 = lambda self: self.clone()
            try:
                return step()
            finally:
                torch.Tensor.bfloat16 = before

        optimizer.step = in_float64
        return optimizer

    return made


def muon(name, options, second):
    """Of weights as PyTorch has them, [outputs, inputs]; ours are their transposes."""
    p = parameters()
    turned = {n: torch.nn.Parameter(p[n].detach().T.contiguous()) for n in matrices}
    optimizer = in_double(O.Muon)([{'params': [turned['weight']]}, {'params': [turned['second']], **second}], **options)
    states = []
    for step in range(1, kept[-1] + 1):
        optimizer.zero_grad()
        now = {**p, **{n: turned[n].T for n in matrices}}
        loss_of(now, step, torch).backward()
        optimizer.step()
        if step in kept:
            states.append(flat({n: turned[n].T if n in turned else p[n] for n in p}))
    save(name, {'class': 'Muon', 'options': options, 'second': second}, states)


muon('Muon defaults', dict(lr=0.02), {'lr': 0.01, 'weight_decay': 0.3})
muon('Muon plain', dict(lr=0.02, nesterov=False, momentum=0.8, weight_decay=0.2), {'lr': 0.01, 'weight_decay': 0.3})
muon('Muon like Adam', dict(lr=0.05, adjust_lr_fn='match_rms_adamw', weight_decay=0.0), {'lr': 0.01, 'weight_decay': 0.3})


def lbfgs(name, keep, **options):
    p = parameters()
    optimizer = O.LBFGS(p.values(), **options)
    states, calls, losses = [], 0, []

    def closure():
        nonlocal calls
        calls += 1
        optimizer.zero_grad()
        loss = loss_of(p, 1, torch)
        loss.backward()
        return loss

    for step in range(1, keep[-1] + 1):
        losses.append(optimizer.step(closure).item())
        if step in keep:
            states.append(flat(p))
    family.cases.append(
        {
            'name': name,
            'class': 'LBFGS',
            'options': options,
            'second': {},
            'steps': keep,
            'calls': calls,
            'losses': losses,
            'values': written(states),
        }
    )


lbfgs('LBFGS', [1, 2, 3, 5], lr=0.1, max_iter=4)
# those that go far go apart by what is rounded
lbfgs('LBFGS short', [1, 2], lr=0.2, max_iter=6, history_size=3)
lbfgs('LBFGS wolfe', [1, 2, 3, 5], lr=1, max_iter=5, line_search_fn='strong_wolfe')
lbfgs('LBFGS wolfe short', [1, 2], lr=0.5, max_iter=8, max_eval=9, history_size=2, line_search_fn='strong_wolfe')


def by_optax():
    import jax

    jax.config.update('jax_enable_x64', True)
    import jax.numpy as jnp
    import optax

    def follow(name, ours, options, second, make):
        p = {n: jnp.asarray(np.array(v)) for n, v in start.items()}
        labels = {n: 'first' if n in matrices else 'second' for n in start}
        optimizer = optax.multi_transform({'first': make(**options), 'second': make(**{**options, **second})}, labels)
        state = optimizer.init(p)
        states = []
        for step in range(1, kept[-1] + 1):
            g = jax.grad(lambda q: loss_of(q, step, jnp))(p)
            updates, state = optimizer.update(g, state, p)
            p = optax.apply_updates(p, updates)
            if step in kept:
                states.append(flat(p))
        save(name, {'class': ours, 'options': {k: v for k, v in options.items()}, 'second': second}, states)

    follow('Lion', 'Lion', dict(learning_rate=0.02, b1=0.8, b2=0.95, weight_decay=0.1), dict(learning_rate=0.01, weight_decay=0.2), optax.lion)
    follow('Lion defaults', 'Lion', dict(learning_rate=0.02, weight_decay=0.0), dict(learning_rate=0.01), optax.lion)


by_optax()

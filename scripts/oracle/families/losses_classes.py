"""Losses over classes. Torch has no derivatives by weights, and few second ones: a loss is written in differentiable torch,
and must be in value and slope what torch's own function gives."""

import itertools

import torch
import torch.nn.functional as F

from cases import Family, floats, integers, normal, uniform
from libraries import by_torch

family = Family('losses_classes')
add = family.add


def same(ours, theirs, inputs):
    """`ours`, once value and gradient by the inputs are those of torch's own function, where these are numbers."""
    torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12, equal_nan=False)
    for one, other in zip(*[torch.autograd.grad(loss.sum(), inputs, retain_graph=True) for loss in (ours, theirs)]):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)
    return ours


def moved(x, axis):
    """With the classes where torch has them."""
    return x.movedim(axis, min(1, x.dim() - 1)).contiguous()


def settings(options):
    axis, weights = options.get('axis', -1), options.get('weights')
    known = {
        'weight': None if weights is None else weights.detach(),
        'reduction': options.get('reduction', 'mean'),
        'ignore_index': options.get('ignoreIndex', -100),
    }
    return axis, weights, known


def by_labels(log_q, target, weights, known, smoothing=0.0):
    axis = min(1, log_q.dim() - 1)
    classes = log_q.shape[axis]
    w = torch.ones(classes) if weights is None else weights
    counted = target != known['ignore_index']
    labels = target.where(counted, 0)
    shape = [classes if i == axis else 1 for i in range(log_q.dim())]
    picked = log_q.gather(axis, labels.unsqueeze(axis)).squeeze(axis)
    each = -(1 - smoothing) * w[labels] * picked - smoothing / classes * (w.reshape(shape) * log_q).sum(axis)
    losses = each.where(counted, 0)
    if known['reduction'] == 'none':
        return losses
    total = losses.sum()
    return total if known['reduction'] == 'sum' else total / w[labels].where(counted, 0).sum()


def cross_entropy(x, target, options={}):
    axis, weights, known = settings(options)
    smoothing = options.get('labelSmoothing', 0.0)
    x = moved(x, axis)
    if target.is_floating_point():
        target = moved(target, axis)
        return F.cross_entropy(x, target, label_smoothing=smoothing, reduction=known['reduction'])
    ours = by_labels(x.log_softmax(min(1, x.dim() - 1)), target, weights, known, smoothing)
    return same(ours, F.cross_entropy(x, target.long(), label_smoothing=smoothing, **known), x)


def nll(log_q, target, options={}):
    axis, weights, known = settings(options)
    log_q = moved(log_q, axis)
    return same(by_labels(log_q, target, weights, known), F.nll_loss(log_q, target.long(), **known), log_q)


def weighted_probabilities(x, target, options):
    axis, weights, known = settings(options)
    smoothing = options.get('labelSmoothing', 0.0)
    x, target = moved(x, axis), moved(target, axis)
    axis = min(1, x.dim() - 1)
    shape = [-1 if i == axis else 1 for i in range(x.dim())]
    shared = (1 - smoothing) * target + smoothing / x.shape[axis]
    losses = -(weights.reshape(shape) * shared * x.log_softmax(axis)).sum(axis)
    ours = {'none': lambda t: t, 'sum': torch.sum, 'mean': torch.mean}[known['reduction']](losses)
    return same(ours, F.cross_entropy(x, target, label_smoothing=smoothing, **known), x)


labels = integers([2, 0, 1, 2])
some = integers([2, -100, 1, -100])
image = integers([[[0, 2], [1, 1]], [[2, 1], [7, 0]]])
weighing = {'weights': uniform(0.2, 3, 3)}

label_rows = [
    (normal(4, 3), labels),
    (normal(4, 3), labels, {'reduction': 'sum', **weighing}),
    (normal(4, 3), labels, {'reduction': 'none', **weighing}),
    (normal(4, 3), labels, weighing),
    (normal(4, 3), labels, {'weights': floats([0, 1.5, 0.25])}),
    (normal(4, 3), some, {'ignoreIndex': -100}),
    (normal(4, 3), labels, {'ignoreIndex': 2, 'reduction': 'none'}),
    (normal(4, 3), some, {'ignoreIndex': -100, **weighing}),
    (normal(3), integers(1), weighing),
    (normal(2, 3, 2, 2), image, {'axis': 1, 'ignoreIndex': 7, **weighing}),
    (normal(2, 2, 2, 3), image, {'ignoreIndex': 7, 'reduction': 'sum'}),
    (normal(3, 4), labels, {'axis': 0, 'reduction': 'none'}),
]
smooth_rows = [
    (normal(4, 3), labels, {'labelSmoothing': 0.1}),
    (normal(4, 3), labels, {'labelSmoothing': 1, 'reduction': 'none'}),
    (normal(4, 3), labels, {'labelSmoothing': 0.3, **weighing}),
    (normal(4, 3), some, {'labelSmoothing': 0.3, 'ignoreIndex': -100, **weighing}),
    (normal(4, 3), some, {'labelSmoothing': 0.2, 'ignoreIndex': -100, 'reduction': 'sum'}),
    (normal(2, 3, 2, 2), image, {'labelSmoothing': 0.2, 'axis': 1, 'ignoreIndex': 7, 'reduction': 'none', **weighing}),
]
add(by_torch, 'nll', nll, *label_rows)
add(by_torch, 'crossEntropy', cross_entropy, *label_rows, *smooth_rows)
add(
    by_torch,
    'crossEntropy',
    cross_entropy,
    (normal(4, 3), uniform(0, 1, 4, 3)),
    (normal(4, 3), uniform(0, 1, 4, 3), {'labelSmoothing': 0.2, 'reduction': 'none'}),
    (normal(2, 3, 4), uniform(0, 1, 2, 3, 4), {'axis': 1, 'labelSmoothing': 0.2}),
)
add(
    by_torch,
    'crossEntropy',
    weighted_probabilities,
    (normal(4, 3), uniform(0, 1, 4, 3), weighing),
    (normal(4, 3), uniform(0, 1, 4, 3), {'labelSmoothing': 0.2, 'reduction': 'sum', **weighing}),
    (normal(2, 3, 4), uniform(0, 1, 2, 3, 4), {'axis': 1, 'labelSmoothing': 0.2, 'reduction': 'none', **weighing}),
)


def reduced(losses, known):
    return {'none': lambda t: t, 'sum': torch.sum, 'mean': torch.mean}[known['reduction']](losses)


def multi_margin(x, target, options={}):
    _, weights, known = settings(options)
    del known['ignore_index']
    p, margin = options.get('p', 1), options.get('margin', 1)
    w = torch.ones(x.shape[-1]) if weights is None else weights
    labels = target.unsqueeze(-1)
    others = torch.arange(x.shape[-1]) != labels
    hinges = (margin + x - x.gather(-1, labels)).relu() ** p * w[labels]
    ours = reduced(hinges.where(others, 0).mean(-1), known)
    return same(ours, F.multi_margin_loss(x, target.long(), p=p, margin=margin, **known), x)


def multilabel_margin(x, target, options={}):
    reduction = options.get('reduction', 'mean')
    rows = zip(x.reshape(-1, x.shape[-1]), target.reshape(-1, x.shape[-1]).tolist())
    losses = []
    for row, labels in rows:
        own = labels[: labels.index(-1)] if -1 in labels else labels
        others = [c for c in range(len(row)) if c not in own]
        losses.append(sum((1 + row[c] - row[y]).relu() for y in own for c in others) / len(row) + 0 * row.sum())
    ours = reduced(torch.stack(losses).reshape(x.shape[:-1]), {'reduction': reduction})
    return same(ours, F.multilabel_margin_loss(x, target.long(), reduction=reduction), x)


def multilabel_soft_margin(x, target, options={}):
    _, weights, known = settings(options)
    w = 1 if weights is None else weights
    ours = reduced(-(w * (target * F.logsigmoid(x) + (1 - target) * F.logsigmoid(-x))).mean(-1), known)
    theirs = F.multilabel_soft_margin_loss(x, target, weight=known['weight'], reduction=known['reduction'])
    return same(ours, theirs, x)


add(
    by_torch,
    'multiMargin',
    multi_margin,
    (normal(4, 3), labels),
    (normal(4, 3), labels, {'p': 2, 'margin': 0.7, 'reduction': 'none'}),
    (normal(4, 3), labels, {'reduction': 'sum', **weighing}),
    (normal(4, 3), labels, {'p': 2, **weighing}),
    (normal(3), integers(1), {'margin': 2, **weighing}),
)
many = integers([[2, 0, -1, 1], [-1, 3, 3, 3], [3, 2, 1, 0], [1, 1, -1, -1]])
add(
    by_torch,
    'multilabelMargin',
    multilabel_margin,
    (normal(4, 4), many),
    (normal(4, 4), many, {'reduction': 'none'}),
    (normal(4, 4), many, {'reduction': 'sum'}),
    (normal(4), integers([3, 0, -1, -1])),
)
add(
    by_torch,
    'multilabelSoftMargin',
    multilabel_soft_margin,
    (normal(4, 3), uniform(0, 1, 4, 3)),
    (normal(4, 3), uniform(0, 1, 4, 3), weighing),
    (normal(2, 2, 3), uniform(0, 1, 2, 2, 3), {'reduction': 'none', **weighing}),
    (normal(3), uniform(0, 1, 3), {'reduction': 'sum', **weighing}),
)


def said(path, blank):
    return [label for label, _ in itertools.groupby(path) if label != blank]


def every_path(log_q, target, steps, sizes, blank):
    """The loss of each example, over all paths that say its target."""
    losses = []
    for n, (length, size) in enumerate(zip(steps.tolist(), sizes.tolist())):
        wanted = target[n, :size].tolist()
        paths = [p for p in itertools.product(range(log_q.shape[2]), repeat=length) if said(p, blank) == wanted]
        logs = [sum(log_q[t, n, c] for t, c in enumerate(path)) for path in paths]
        losses.append(-torch.stack(logs).logsumexp(0) if logs else 0 * log_q.sum())
    return torch.stack(losses)


def ctc(log_q, target, steps, sizes, options={}):
    blank, reduction = options.get('blank', 0), options.get('reduction', 'mean')

    def ours(log_q):
        losses = every_path(log_q, target, steps, sizes, blank)
        return reduced(losses / sizes.clamp(min=1) if reduction == 'mean' else losses, {'reduction': reduction})

    # torch's gradient is right through a softmax only
    x = log_q.detach().requires_grad_()
    q = x.log_softmax(-1)
    same(ours(q), F.ctc_loss(q, target, steps, sizes, blank, reduction, options.get('zeroInfinity', False)), x)
    return ours(log_q)


words = integers([[1, 2, 1], [2, 2, -7], [1, 9, 9]])
add(
    by_torch,
    'ctc',
    ctc,
    (normal(5, 3, 3), words, integers([5, 4, 3]), integers([3, 2, 1])),
    (normal(5, 3, 3), words, integers([5, 5, 4]), integers([2, 1, 0]), {'reduction': 'none'}),
    (normal(5, 3, 3), words, integers([2, 2, 2]), integers([3, 2, 1]), {'reduction': 'sum', 'zeroInfinity': True}),
    (normal(4, 1, 3), integers([[0, 1, 0, 0]]), integers([4]), integers([3]), {'blank': 2}),
)

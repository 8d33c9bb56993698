import torch
import torch.nn.functional as F

from cases import Family, floats, normal, uniform
from libraries import by_torch
from losses import every, named, reduced

family = Family('losses_pointwise')

def add(op, function, *rows):
    family.add(by_torch, op, named(function), *rows)


pair = [normal(2, 3), normal(2, 3)]
far = [floats([-1e200, -30.5, -1e-9, 1e-9, 30.5, 1e200]), floats([0, 0, 0, 0, 0, 0])]

add('l1', F.l1_loss, *every(*pair), tuple(far))
add('smoothL1', F.smooth_l1_loss, *every(*pair), (*pair, {'beta': 0.5}), (*pair, {'beta': 0}), tuple(far))
add('huber', F.huber_loss, *every(*pair), (*pair, {'delta': 0.5}), tuple(far))
add('logCosh', lambda p, t, reduction='mean': reduced(torch.log(torch.cosh(p - t)), reduction), *every(*pair))


counts = floats([[0, 1, 2], [3, 7, 1]])
# PyTorch's slope by a count of 0 is NaN
some = floats([[0.5, 1, 2], [3, 7, 1]])
rates = uniform(0.2, 4, 2, 3)
add(
    'poissonNll',
    F.poisson_nll_loss,
    *every(normal(2, 3), counts),
    (normal(2, 3), some, {'full': True}),
    *every(rates, counts, logInput=False),
    (rates, some, {'logInput': False, 'full': True, 'epsilon': 0.1}),
)
variances = uniform(0.2, 2, 2, 3)
add(
    'gaussianNll',
    F.gaussian_nll_loss,
    *every(*pair, variances),
    (*pair, variances, {'full': True}),
    (*pair, uniform(0.2, 2, 2, 1), {'full': True, 'reduction': 'sum'}),
)
logs = uniform(-3, -0.1, 2, 3)
shares = uniform(0.1, 0.9, 2, 3)
add(
    'klDivergence',
    F.kl_div,
    *every(logs, shares),
    (logs, shares, {'reduction': 'batchMean'}),
    *every(logs, logs, logTarget=True),
    (logs, logs, {'logTarget': True, 'reduction': 'batchMean'}),
)


def by_probability(p, target, weight=1.0, pos_weight=1.0, reduction='mean'):
    """PyTorch's own has no weight of positives, and no derivatives by target and weight."""
    losses = -weight * (pos_weight * target * p.log() + (1 - target) * (1 - p).log())
    if isinstance(pos_weight, float) and pos_weight == 1:
        fixed = weight.detach() if torch.is_tensor(weight) else torch.tensor(weight)
        torch.testing.assert_close(losses, F.binary_cross_entropy(p, target.detach(), fixed, reduction='none'))
    return reduced(losses, reduction)


def by_logit(z, target, weight=1.0, pos_weight=1.0, reduction='mean'):
    losses = -weight * (pos_weight * target * F.logsigmoid(z) + (1 - target) * F.logsigmoid(-z))
    fixed = [x.detach() if torch.is_tensor(x) else torch.tensor(x) for x in (weight, pos_weight)]
    theirs = F.binary_cross_entropy_with_logits(z, target.detach(), fixed[0], pos_weight=fixed[1], reduction='none')
    torch.testing.assert_close(losses, theirs)
    return reduced(losses, reduction)


weighing = [
    {'weight': uniform(0.5, 2, 2, 3), 'positiveWeight': uniform(0.5, 2, 3)},
    {'weight': 2.0, 'positiveWeight': uniform(0.5, 2, 2, 3), 'reduction': 'sum'},
    {'weight': uniform(0.5, 2, 3), 'reduction': 'none'},
    {'positiveWeight': 3.0, 'reduction': 'none'},
]
for op, function, x in [
    ('binaryCrossEntropy', by_probability, uniform(0.1, 0.9, 2, 3)),
    ('binaryCrossEntropyWithLogits', by_logit, normal(2, 3)),
]:
    add(op, function, *every(x, shares), *[(x, shares, options) for options in weighing])

import torch
import torch.nn.functional as F

from cases import Family, floats, integers, normal, uniform
from libraries import by_torch
from losses import every, named, reduced

family = Family('losses_pairs')


def add(op, function, *rows):
    family.add(by_torch, op, named(function), *rows)


def signed(function):
    """Of targets that are integers."""
    return lambda *given, **options: function(*[x if x.is_floating_point() else x.double() for x in given], **options)


signs = integers([[1, -1, 1], [-1, 1, -1]])
side = integers([1, -1, 1])
scores = normal(2, 3)


def hinge(score, target, margin=1, reduction='mean'):
    return reduced(torch.relu(margin - target * score), reduction)


def hinge_embedding(distance, target, margin=1.0, reduction='mean'):
    return F.hinge_embedding_loss(distance, target, margin=margin, reduction=reduction)


add('hinge', signed(hinge), *every(scores, signs), (scores, signs, {'margin': 0.3}))
add('hingeEmbedding', signed(hinge_embedding), *every(uniform(0.1, 2, 2, 3), signs), (scores, signs, {'margin': 2.5}))
add('softMargin', signed(F.soft_margin_loss), *every(scores, signs))
add(
    'marginRanking',
    signed(F.margin_ranking_loss),
    *every(scores, scores, signs),
    (scores, scores, signs, {'margin': 0.5}),
)


def similarity(a, b, axis=-1, eps=1e-8):
    return F.cosine_similarity(a, b, dim=axis, eps=eps)


vectors = normal(3, 4)
add(
    'cosineSimilarity',
    similarity,
    (vectors, vectors),
    (normal(2, 3, 2), normal(2, 3, 2), {'axis': 1}),
    (vectors, vectors, {'axis': 0}),
    (normal(4), normal(4)),
)
add(
    'cosineEmbedding',
    signed(F.cosine_embedding_loss),
    *every(vectors, vectors, side),
    (vectors, vectors, side, {'margin': -0.5}),
)


def distance(a, b, order=2.0, eps=0.0, keepDims=False):
    return F.pairwise_distance(a, b, order, eps, keepDims)


add(
    'pairwiseDistance',
    distance,
    (vectors, vectors),
    (vectors, vectors, {'order': 1, 'keepDims': True}),
    (vectors, vectors, {'order': 3, 'epsilon': 0.1}),
    (normal(2, 2, 3), normal(2, 2, 3), {'epsilon': 1e-6}),
    (normal(4), normal(4)),
)


def contrastive(a, b, target, margin=1.0, order=2.0, eps=0.0, reduction='mean'):
    distance = F.pairwise_distance(a, b, order, eps)
    losses = torch.where(target > 0, distance**2, torch.clamp(margin - distance, min=0) ** 2) / 2
    return reduced(losses, reduction)


pairs_of_four = integers([1, -1, 1, -1])
add(
    'contrastive',
    contrastive,
    *every(normal(4, 3), normal(4, 3), pairs_of_four, margin=2),
    (normal(4, 3), normal(4, 3), pairs_of_four, {'order': 3, 'epsilon': 0.1, 'margin': 4}),
)


def triplet(anchor, positive, negative, order=2.0, eps=0.0, **options):
    return F.triplet_margin_loss(anchor, positive, negative, p=order, eps=eps, **options)


three = [vectors, vectors, vectors]
add(
    'triplet',
    triplet,
    *every(*three),
    *every(*three, swap=True, margin=2),
    (*three, {'order': 3, 'epsilon': 1e-6, 'margin': 0.5}),
)


def info_nce(queries, keys, temperature=0.1, symmetric=False, reduction='mean'):
    logits = F.normalize(queries, dim=1) @ F.normalize(keys, dim=1).T / temperature
    own = torch.arange(len(queries))
    losses = F.cross_entropy(logits, own, reduction='none')
    if symmetric:
        losses = (losses + F.cross_entropy(logits.T, own, reduction='none')) / 2
    return reduced(losses, reduction)


add(
    'infoNce',
    info_nce,
    *every(vectors, vectors),
    (vectors, vectors, {'temperature': 0.7, 'symmetric': True}),
    (vectors, vectors, {'symmetric': True, 'reduction': 'none'}),
)


def dice(p, target, smooth=1.0, reduction='mean'):
    p, target = p.flatten(1), target.flatten(1)
    both = (p * target).sum(1)
    return reduced(1 - (2 * both + smooth) / (p.sum(1) + target.sum(1) + smooth), reduction)


chances = uniform(0.1, 0.9, 2, 2, 2)
add('dice', dice, *every(chances, chances), (chances, chances, {'smooth': 0.01}))


def focal(z, target, gamma=2, alpha=None, reduction='mean'):
    """As in torchvision.ops.sigmoid_focal_loss."""
    p = torch.sigmoid(z)
    right = p * target + (1 - p) * (1 - target)
    losses = -(target * F.logsigmoid(z) + (1 - target) * F.logsigmoid(-z)) * (1 - right) ** gamma
    if alpha is not None:
        losses = losses * (alpha * target + (1 - alpha) * (1 - target))
    return reduced(losses, reduction)


labels = floats([[0, 1, 1], [1, 0, 0]])
add(
    'focal',
    focal,
    *every(scores, uniform(0.1, 0.9, 2, 3)),
    (scores, labels, {'gamma': 0.5, 'alpha': 0.25}),
    (scores, labels, {'gamma': 0}),
    (scores, uniform(0.1, 0.9, 2, 3), {'gamma': 1.5, 'alpha': 0.6}),
)

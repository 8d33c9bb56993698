"""Writes what metrics give, computed from their definitions over all examples at once: packages/nn/test/fixtures/metrics.json.

    $ADJOINT_PYTHON scripts/oracle/metrics.py

Nothing streams here, and nothing is counted by class in one pass as ours is: areas are counts over pairs, curves go through
every threshold, and variances are those of numpy.
"""

import json
import pathlib

import numpy as np

random = np.random.default_rng(13)


def softmax(logits):
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def confusion(truths, guesses, classes):
    return [[int(((truths == t) & (guesses == g)).sum()) for g in range(classes)] for t in range(classes)]


def share(kind, truths, guesses, of):
    """Of one class, as sets of examples."""
    right = int(((truths == of) & (guesses == of)).sum())
    precise = right / p if (p := int((guesses == of).sum())) else None
    recalled = right / r if (r := int((truths == of).sum())) else None
    if kind == 'precision':
        return precise
    if kind == 'recall':
        return recalled
    if precise is None and recalled is None:
        return None
    a, b = precise or 0, recalled or 0
    return 2 * a * b / (a + b) if a + b else 0.0


def shares(kind, average, truths, guesses, classes):
    each = [share(kind, truths, guesses, c) for c in range(classes)]
    if average == 'none':
        return each
    if average == 'binary':
        return each[1]
    if average == 'micro':
        # every decision that is wrong is a wrong one of one class and a missing one of another
        return float((truths == guesses).mean())
    there = [c for c in range(classes) if c in truths or c in guesses]
    weights = [float((truths == c).sum()) if average == 'weighted' else 1.0 for c in there]
    return float(np.average([each[c] or 0.0 for c in there], weights=weights))


def auc(truths, scores):
    """By all pairs."""
    differences = scores[truths == 1][:, None] - scores[truths == 0][None, :]
    return float(((differences > 0) + 0.5 * (differences == 0)).mean())


def average_precision(truths, scores):
    """Through every threshold."""
    total, before = 0.0, 0.0
    for threshold in np.unique(scores)[::-1]:
        taken = scores >= threshold
        recall = truths[taken].sum() / truths.sum()
        total += (recall - before) * truths[taken].mean()
        before = recall
    return float(total)


def top_k(truths, logits, k):
    # stable, so that of equal logits the first comes first
    best = np.argsort(-logits, axis=-1, kind='stable')[..., :k]
    return float((best == truths[..., None]).any(-1).mean())


def perplexity(truths, logits):
    chosen = np.take_along_axis(softmax(logits), truths[..., None], -1)
    return float(np.exp(-np.log(chosen).mean()))


def r2(truths, guesses):
    truths, guesses = truths.reshape(len(truths), -1), guesses.reshape(len(truths), -1)
    return (1 - ((truths - guesses) ** 2).mean(0) / truths.var(0)).tolist()


cases = []


def add(metric, options, output, target, value, sizes):
    """Of batches of these sizes, of which the last may be smaller than all others."""
    ends = np.cumsum(sizes)
    assert ends[-1] == len(output)
    batches = [as_json(output[end - size : end], target[end - size : end]) for end, size in zip(ends, sizes)]
    cases.append({'metric': metric, 'options': options, 'batches': batches, 'value': value})


def as_json(*arrays):
    return [
        {'shape': x.shape, 'dtype': 'int32' if x.dtype.kind == 'i' else 'float64', 'data': x.ravel().tolist()}
        for x in arrays
    ]


def labels(classes, *shape):
    return random.integers(0, classes, size=shape)


sizes = [5, 1, 7, 3]
n = sum(sizes)

# more classes than occur, so that some are neither predicted nor there
logits = random.normal(size=(n, 6)).round(3)
logits[:, 5] = -9
truths = labels(4, n)
guesses = logits.argmax(-1)
add('confusionMatrix', [6], logits, truths, confusion(truths, guesses, 6), sizes)
add('accuracy', [], logits, truths, float((truths == guesses).mean()), sizes)
for k in (1, 2, 5, 6):
    add('topK', [k], logits, truths, top_k(truths, logits, k), sizes)
for kind in ('precision', 'recall', 'f1'):
    for average in ('macro', 'micro', 'weighted', 'none'):
        add(kind, [{'average': average}], logits, truths, shares(kind, average, truths, guesses, 6), sizes)

# equal logits
level = random.integers(0, 3, size=(n, 6)).astype(float)
for k in (1, 2, 3):
    add('topK', [k], level, truths, top_k(truths, level, k), sizes)

# sequences, with the classes in front of time, and labels that do not count
steps = random.normal(size=(n, 4, 3)).round(3)
words = labels(3, n, 4)
apart = np.moveaxis(steps, -1, 1)
add('perplexity', [], steps, words, perplexity(words, steps), sizes)
add('perplexity', [{'axis': 1}], apart, words, perplexity(words, steps), sizes)
add('topK', [2, {'axis': 1}], apart, words, top_k(words, steps, 2), sizes)
some = np.where(random.uniform(size=words.shape) < 0.4, -100, words)
counted = some != -100
known, seen = some[counted], steps[counted]
ignoring = {'ignoreIndex': -100}
add('perplexity', [ignoring], steps, some, perplexity(known, seen), sizes)
add('accuracy', [ignoring], steps, some, float((seen.argmax(-1) == known).mean()), sizes)
add('accuracy', [{'axis': 1, **ignoring}], apart, some, float((seen.argmax(-1) == known).mean()), sizes)
add('topK', [2, ignoring], steps, some, top_k(known, seen, 2), sizes)
add('f1', [{'average': 'macro', **ignoring}], steps, some, shares('f1', 'macro', known, seen.argmax(-1), 3), sizes)
add('confusionMatrix', [3, ignoring], steps, some, confusion(known, seen.argmax(-1), 3), sizes)

# scores of two classes, some of them equal; probabilities and logits
truths = labels(2, n)
scores = random.normal(size=n).round(1)
scores[:6] = [0.5, 0.5, 0.5, -0.5, -0.5, 0]
for given, options, threshold in ((scores, {}, 0), (np.clip(scores / 4 + 0.5, 0, 1), {'threshold': 0.5}, 0.5)):
    guesses = (given > threshold).astype(int)
    arguments = [options] if options else []
    add('accuracy', arguments, given, truths, float((truths == guesses).mean()), sizes)
    add('confusionMatrix', [2, options], given, truths, confusion(truths, guesses, 2), sizes)
    for kind in ('precision', 'recall', 'f1'):
        add(kind, arguments, given, truths, share(kind, truths, guesses, 1), sizes)
        add(kind, [{'average': 'macro', **options}], given, truths, shares(kind, 'macro', truths, guesses, 2), sizes)
for given in (scores, random.normal(size=n).round(3)):
    add('auc', [], given, truths, auc(truths, given), sizes)
    add('averagePrecision', [], given, truths, average_precision(truths, given), sizes)
pairs = random.normal(size=(n, 2)).round(2)
add('auc', [], pairs, truths, auc(truths, (pairs[:, 1] - pairs[:, 0]).round(12)), sizes)
add('averagePrecision', [], pairs, truths, average_precision(truths, pairs[:, 1] - pairs[:, 0]), sizes)
add('f1', [], pairs, truths, share('f1', truths, pairs.argmax(-1), 1), sizes)
# masks, some of which do not count
mask = labels(2, n, 3)
some = np.where(random.uniform(size=mask.shape) < 0.3, -1, mask)
maps = random.normal(size=(n, 3)).round(1)
counted = some != -1
ignoring = {'ignoreIndex': -1}
add('auc', [ignoring], maps, some, auc(some[counted], maps[counted]), sizes)
add('averagePrecision', [ignoring], maps, some, average_precision(some[counted], maps[counted]), sizes)
add('recall', [ignoring], maps, some, share('recall', some[counted], (maps[counted] > 0).astype(int), 1), sizes)

# numbers far from 0, whose variance is lost where their squares are added
for shape, shift in (((n,), 0), ((n, 2, 2), 0), ((n, 1), 1e6)):
    goals = (random.normal(size=shape) + shift).round(3)
    given = (goals + 0.5 * random.normal(size=shape)).round(3)
    add('r2', [], given, goals, float(np.mean(r2(goals, given))), sizes)
    add('r2', [{'average': 'none'}], given, goals, r2(goals, given), sizes)
    add('meanAbsoluteError', [], given, goals, float(np.abs(goals - given).mean()), sizes)
    add('meanSquaredError', [], given, goals, float(((goals - given) ** 2).mean()), sizes)
    add('rootMeanSquaredError', [], given, goals, float(np.sqrt(((goals - given) ** 2).mean())), sizes)

lines = ',\n'.join(json.dumps(case, separators=(',', ':'), allow_nan=False) for case in cases)
path = pathlib.Path(__file__).parents[2] / 'packages/nn/test/fixtures/metrics.json'
path.write_text(f'{{\n"versions": {{ "numpy": "{np.__version__}" }},\n"cases": [\n{lines}\n]\n}}\n')
print(f'metrics: {len(cases)} cases, {path.stat().st_size // 1000} kB')

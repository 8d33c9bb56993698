"""Runs PyTorch's gradcheck and gradgradcheck, slow and fast, on the planted faults of
packages/autograd/test/gradcheck/mutants/faults that make sense there, under the same names, and prints what they found as JSON.

    $ADJOINT_PYTHON scripts/oracle/gradcheck-torch.py

scripts/gradcheck/index.ts runs it for docs/gradcheck-proof.md.

`caught`: an error was raised, of gradcheck or of a rule. It names neither place nor cause, so there is nothing to count of these;
and it has no verdict but two, so of right functions those at a kink can only be called wrong.
"""

import datetime
import json
import platform
import time
import warnings

import torch
from mutants import faults, right
from torch.autograd.gradcheck import gradcheck, gradgradcheck

warnings.filterwarnings('ignore')


def outcome(make, fast, forward):
    """What it says, or null if it passes."""
    torch.manual_seed(0)
    f, inputs = make()
    inputs = [x.requires_grad_() if x.is_floating_point() else x for x in inputs]
    try:
        gradcheck(f, inputs, fast_mode=fast, check_forward_ad=forward)
        gradgradcheck(f, inputs, fast_mode=fast)
    except Exception as error:  # all that it raises is what it found
        return f'{type(error).__name__}: {error}'
    return None


def table(cases, fast):
    groups = {}
    for group, name, make, forward in cases:
        start = time.process_time()
        said = outcome(make, fast, forward)
        row = groups.setdefault(group, {'of': 0, 'caught': 0, 'passed': 0, 'seconds': 0.0, 'passing': []})
        row['of'] += 1
        row['seconds'] += time.process_time() - start
        row['caught' if said else 'passed'] += 1
        if said is None:
            row['passing'].append(name)
    for row in groups.values():
        row['seconds'] = round(row['seconds'], 3)
    return {'groups': groups}


torch.set_num_threads(1)
result = {
    'torch': torch.__version__,
    'python': platform.python_version(),
    'date': datetime.date.today().isoformat(),
    'ported': {'faults': [name for _, name, *_ in faults], 'right': [name for _, name, *_ in right]},
}
for mode, fast in (('slow', False), ('fast', True)):
    result[mode] = {'faults': table(faults, fast), 'right': table(right, fast)}
print(json.dumps(result, indent=1))

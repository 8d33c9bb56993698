"""Writes values and derivatives of our ops, losses and layers as PyTorch, JAX and NumPy have them: packages/autograd/test/fixtures,
and packages/nn/test/fixtures of families whose names start with losses_ or layers_, of optimizers and of schedules.

    $ADJOINT_PYTHON scripts/oracle/fixtures.py [family ...]

The Python must have torch, jax and numpy. The tests only read what is written.
"""

import importlib
import json
import pathlib
import sys

from cases import as_json
from libraries import versions

here = pathlib.Path(__file__).parent
packages = here.parents[1] / 'packages'
names = sys.argv[1:] or sorted(path.stem for path in (here / 'families').glob('*.py'))

for name in names:
    family = importlib.import_module(f'families.{name}').family
    head = ', '.join(f'"{library}": "{version}"' for library, version in versions.items())
    lines = ',\n'.join(json.dumps(as_json(case), separators=(',', ':'), allow_nan=False) for case in family.cases)
    given = ''.join(f'"{key}": {json.dumps(as_json(value))},\n' for key, value in getattr(family, 'head', {}).items())
    text = f'{{\n"versions": {{ {head} }},\n{given}"cases": [\n{lines}\n]\n}}\n'
    package = 'nn' if name.startswith(('losses_', 'layers_', 'optimizers', 'schedules')) else 'autograd'
    (packages / package / 'test/fixtures' / f'{name}.json').write_text(text)
    print(f'{name}: {len(family.cases)} cases, {len(text) // 1000} kB')

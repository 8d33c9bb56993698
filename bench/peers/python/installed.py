"""Which of some libraries this Python could import, and their versions, as JSON; none of them is imported.

installed.py NAME...
"""

import importlib.metadata
import importlib.util
import json
import sys


def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "?"


print(json.dumps({name: version(name) for name in sys.argv[1:] if importlib.util.find_spec(name)}))

"""Arrays: the types of numbers in rows and columns, declared once for the whole package.

A type says what is held, not how it lies: shapes and units stand in the docstrings. The file is short because
it is the one home of these names.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

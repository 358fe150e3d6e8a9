"""Kernel: the market compiled for batches (extra `fast`). The same equations as `state`, `jacobian` and
`newton` in scalar loops, one draw at a time; the two meet to 1e-9 in tests.

`constants` (or, for markets without entrants, `setup`) packs a shocked market into arrays, `point` evaluates
the equations, `matrix` the Jacobian, `root` iterates, `certificate` recomputes the conditions, `draw` puts
it together and `outcome` hands out the `Solution`.

Tests: tests/market/test_kernel.py, tests/market/test_kernel_ready.py, tests/market/test_kernel_vectors.py
"""

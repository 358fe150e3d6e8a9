"""Kernel: the market compiled for batches (extra `fast`). The same equations as `state`, `jacobian` and
`newton` in scalar loops, one draw at a time; the two meet to 1e-9 in tests.

`setup` (or, for a market with entrants, `constants`) packs a shocked market into `arrays`, `equations`
evaluates it, `jacobian` makes and eliminates the matrix of Newton's method, `root` iterates, `paths` follows
a way where that stalls, `draw` puts it together with its certificate and `outcome` hands out the `Solution`.
`docs/kernel.md` says which numpy module states each of them, and how to mend one.

Tests: tests/market/test_kernel.py, tests/market/test_kernel_rows.py,
tests/market/test_kernel_compiled.py
"""

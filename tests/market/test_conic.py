"""Second formulation (E26): the same equilibrium as a conic programme at finite theta, solved by Clarabel.

min sum_i C_i(S_i) - sum_j V_j(U_j) + sum_ij [c_ij - d0_ij + Phi0_j - ln(s0_ij)/theta_j] q_ij
    + sum_ij q_ij ln(q_ij / U_j) / theta_j      subject to balances and caps,
with exponential cones for the entropy and power cones for isoelastic C and V.
"""

from dataclasses import replace

import clarabel
import numpy as np
import pytest
from scipy import sparse

from crosscut.market.events.compiled import no_events
from crosscut.market.model.examples import example_params, one_form_world
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.solver import solve
from tests.market.worlds import export_cap

ETA, EPS = 0.5, 1.5  # eps > 1, so that V is bounded and one power cone describes it


def small_world(n, seed):
    rng = np.random.default_rng(seed)
    q0 = rng.uniform(0.5, 1.5, (1, n, n)) / n
    return one_form_world(q0, rng.uniform(0.8, 1.2, (1, n)), freight=0.05)


def conic_solution(world, params, cap):
    """(flows, dual prices of the supply balances, dual of the cap)."""
    c = calibrate(world, params)
    n = len(world.countries)
    pairs = [(i, j) for i in range(n) for j in range(n)]
    nq = len(pairs)
    # Variables: q (nq), S (n), U (n), cost epigraph tC (n), value hypograph tV (n), entropy epigraph r (nq).
    iq, iS, iU, iC, iV, ir = np.cumsum([0, nq, n, n, n, n])
    size = ir + nq
    A_supply, K = np.exp(c.supply.log_a[0]), 1 + 1 / ETA
    theta, phi0 = c.theta[0], c.phi0[0]
    objective = np.zeros(size)
    for k, (i, j) in enumerate(pairs):
        # log_w0 = ln s0 + theta d0, so c - d0 + Phi0 - ln(s0)/theta = c + Phi0 - log_w0/theta.
        objective[iq + k] = world.freight[0, i, j] + phi0[j] - c.log_w0[0, i, j] / theta[j]
        objective[ir + k] = 1 / theta[j]
    # C(S) = A^(-1/eta) S^K / K ; V'(U) = Phi0 (U/U0)^(-1/eps), V = Phi0 U0^(1/eps) U^v / v with v = 1 -
    # 1/eps.
    v = 1 - 1 / EPS
    U0 = world.use()[0]
    objective[iC : iC + n] = A_supply ** (-1 / ETA) / K
    objective[iV : iV + n] = -phi0 * U0 ** (1 / EPS) / v
    rows, rhs, cones = [], [], []

    def row(entries, b):
        line = np.zeros(size)
        for index, x in entries:
            line[index] = x
        rows.append(line)
        rhs.append(b)

    for i in range(n):
        row([(iq + k, 1.0) for k, (a, _) in enumerate(pairs) if a == i] + [(iS + i, -1.0)], 0.0)
    for j in range(n):
        row([(iq + k, 1.0) for k, (_, b) in enumerate(pairs) if b == j] + [(iU + j, -1.0)], 0.0)
    cones.append(clarabel.ZeroConeT(2 * n))
    row([(iq + k, 1.0) for k, (i, j) in enumerate(pairs) if cap.routes[i, j]], cap.limit)
    cones.append(clarabel.NonnegativeConeT(1))
    for k, (_, j) in enumerate(pairs):
        # r >= q ln(q/U): (-r, q, U) in the exponential cone  y exp(x/y) <= z.
        row([(ir + k, 1.0)], 0.0)
        row([(iq + k, -1.0)], 0.0)
        row([(iU + j, -1.0)], 0.0)
        cones.append(clarabel.ExponentialConeT())
    for i in range(n):
        # tC >= S^K: (tC, 1, S) with tC^(1/K) 1^(1-1/K) >= |S|.
        row([(iC + i, -1.0)], 0.0)
        row([], 1.0)
        row([(iS + i, -1.0)], 0.0)
        cones.append(clarabel.PowerConeT(1 / K))
    for j in range(n):
        # tV <= U^v.
        row([(iU + j, -1.0)], 0.0)
        row([], 1.0)
        row([(iV + j, -1.0)], 0.0)
        cones.append(clarabel.PowerConeT(v))
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-11
    solver = clarabel.DefaultSolver(
        sparse.csc_matrix((size, size)),
        objective,
        sparse.csc_matrix(np.array(rows)),
        np.array(rhs),
        cones,
        settings,
    )
    got = solver.solve()
    assert "Solved" in str(got.status), got.status
    x, z = np.array(got.x), np.array(got.z)
    return x[iq : iq + nq].reshape(n, n), z[:n], z[2 * n]


@pytest.mark.parametrize(("n", "seed"), [(3, 0), (6, 1), (15, 2)])
@pytest.mark.parametrize("fraction", [1.5, 0.5])
def test_conic_programme_meets_the_newton_solution(n, seed, fraction):
    world = small_world(n, seed)
    world = replace(world, supply_capacity=np.full((1, n), 1e9))
    params = replace(example_params(world, sigma=4.0, eta=ETA, eps=EPS), zc=1e9, lo=1e-6)
    cap = export_cap(world, 0, 0, fraction)
    ours = solve(world, params, replace(no_events(world), caps=(cap,)))
    assert ours.ok
    flows, prices, om = conic_solution(world, params, cap)
    # Clarabel stops at a gap of 1e-11 of an objective that is flat in the flows: 1e-5 of a tonne out of
    # about 1.
    assert flows == pytest.approx(ours.flows[0], abs=1e-5)
    assert -prices == pytest.approx(ours.price[0], abs=1e-5) or prices == pytest.approx(
        ours.price[0], abs=1e-5
    )
    assert om == pytest.approx(ours.multipliers[cap.id], abs=1e-5)

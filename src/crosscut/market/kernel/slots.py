"""Slots: which row of the packed arrays holds what.

The compiler's work grows with the number of arrays a function is handed, so those of one shape are rows of one array.
"""

from __future__ import annotations

# constants, by route [F, j, i]
LOG_W, SLOPE, PULL, DHAT = range(4)
ROUTE_ROWS = 4
# constants, by node [F, n]; two parts of supply: what stands and what enters
THETA, PHI0, PURCHASES, START, SUBSIDY, FLOOR, FLOOR_SHARE = range(7)
LOG_A, ETA, LOG_K = 7, 9, 11
NODE_ROWS = 13
# constants, by use [F, n, U]
D0, SWITCH_SHARE, SWITCH_TRIGGER, SWITCH_WIDTH = range(4)
USE_ROWS = 4
# constants, by process [K, n]
CAPACITY, KAPPA, COST = range(3)
# constants, links of processes [K, F]
TAKES, MAKES = range(2)
# alive [F, n]
ORIGIN, BUYER = range(2)
# numbers
ZC, LO, STEEPNESS, BEND, SWITCHES, SUPPORTED = range(6)
# groups [G]
LIMIT, SIGN, TOLL, LAST, GROUP_THETA = range(5)
# routes of groups [G, j, i]
NAMED, OPEN = range(2)
# stocks [L]
S_FORM, S_COUNTRY, S_TONNES, S_TRIGGER, S_WIDTH, S_HELD = range(6)
# point, by node [F, n]
PRICE, PHI, FINAL_SLOPE, BOUGHT, MINED, MINED_SLOPE, PRODUCER, STOCKED, RELEASED, SOLD, SUPPLIED = range(11)
POINT_ROWS = 11
# point, by process [K, n]
MARGIN, ACTIVITY, ACTIVITY_SLOPE = range(3)
# point, by unknown [F n + G]
Z, RESIDUAL = range(2)
# matrix: border [G, F n]; squares [n, n]
COLUMN, ROW = range(2)
LEFT, RIGHT, PRODUCT = range(3)

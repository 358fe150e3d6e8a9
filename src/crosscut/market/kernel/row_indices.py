"""Slots: which row of the packed arrays holds what, and which place of the table which piece has."""

from __future__ import annotations

# constants, by route [F, j, i]
LOG_W, SLOPE, PULL, DHAT = range(4)
ROUTE_ROWS = 4
# constants, by node [F, n]; two parts of supply: what stands and what enters
THETA, PHI0, PURCHASES, START, SUBSIDY, FLOOR, FLOOR_SHARE = range(7)
LOG_A, ETA, LOG_K, LOWEST = 7, 9, 11, 13
NODE_ROWS = 14
# constants, by use [F, n, U]
D0, SWITCH_SHARE, SWITCH_TRIGGER, SWITCH_WIDTH = range(4)
USE_ROWS = 4
# constants, by process [K, n]
CAPACITY, KAPPA, COST = range(3)
# constants, links of processes [K, F]
TAKES, MAKES = range(2)
# alive [F, n]; of what pruning goes by
ORIGIN, BUYER, MINES, WANTS, SELLS, BUYS = range(6)
ALIVE_ROWS = 6
# numbers
ZC, LO, STEEPNESS, BEND, SWITCHES, SUPPORTED = range(6)
# groups [G]
LIMIT, SIGN, TOLL, LAST, GROUP_THETA = range(5)
# routes of groups [G, j, i]
NAMED, OPEN = range(2)
# stocks [L]
S_FORM, S_COUNTRY, S_TONNES, S_TRIGGER, S_WIDTH, S_HELD = range(6)
# point, by node [F, n]; RATE: what the price moves by with the unknown: the price itself, 0 where lines are
# idle
PRICE, PHI, FINAL_SLOPE, BOUGHT, MINED, MINED_SLOPE, PRODUCER, STOCKED, RELEASED, SOLD, SUPPLIED, RATE = (
    range(12)
)
POINT_ROWS = 12
# point, by process [K, n]
MARGIN, ACTIVITY, ACTIVITY_SLOPE = range(3)
# point, by unknown [F n + G, padded]
Z, RESIDUAL, TARGET = range(3)
# path, by unknown: where the step began, the step, the next one from the same matrix, steps taken since it
# was made
BEFORE, STEP, FRESH, TAKEN = range(4)
# tally, a row of 8: residuals of late, squared lengths of the steps taken
RECENT, LENGTH = range(2)
# limit_row [G]: now, and before the step
NOW, THEN = range(2)
# matrix: border [G, F n]; lines [n]
COLUMN, ROW = range(2)
PART, OUT, RATIO, LOG, BEYOND, ANSWER = range(6)
LINES = 6
# pieces of the table
EVALUATE, SOURCING, DEMAND, SUPPLY, BLOCKS, BORDER, ELIMINATE, SOLVE, SOLVE_BLOCKS = range(9)
PIECES = 9

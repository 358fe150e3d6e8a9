"""The Python calls behind every command, one module a topic; each returns what `--json` prints.

A call is added in the module of its topic and named here, once.
"""

from crosscut.api.datasets import data_accept as data_accept
from crosscut.api.datasets import data_diff as data_diff
from crosscut.api.datasets import data_pull as data_pull
from crosscut.api.datasets import data_revert as data_revert
from crosscut.api.datasets import data_status as data_status
from crosscut.api.datasets import data_version as data_version
from crosscut.api.deposits import project as project
from crosscut.api.deposits import projects as projects
from crosscut.api.documents import compare as compare
from crosscut.api.documents import read_result as read_result
from crosscut.api.documents import why as why
from crosscut.api.exposures import exposure as exposure
from crosscut.api.exposures import indicators as indicators
from crosscut.api.exposures import purchases as purchases
from crosscut.api.ledger import alarms as alarms
from crosscut.api.ledger import claims as claims
from crosscut.api.ledger import facilities as facilities
from crosscut.api.ledger import facts as facts
from crosscut.api.ledger import named as named
from crosscut.api.ledger import sources_beside as sources_beside
from crosscut.api.losses import economy as economy
from crosscut.api.losses import economy_template as economy_template
from crosscut.api.losses import stress as stress
from crosscut.api.scoring import backtest as backtest
from crosscut.api.scoring import forecast as forecast
from crosscut.api.scoring import score_forecast as score_forecast
from crosscut.api.solving import batch as batch
from crosscut.api.solving import outlook as outlook
from crosscut.api.solving import outlooks as outlooks
from crosscut.api.solving import run as run
from crosscut.api.solving import scenarios as scenarios
from crosscut.api.solving import validate as validate
from crosscut.api.worlds import minerals as minerals
from crosscut.api.worlds import world as world
from crosscut.api.worlds import world_report as world_report

"""The Python calls behind every command, one module a topic; each returns what `--json` prints.

A call is added in the module of its topic and named here, once.
"""

from crosscut.app.api.datasets import data_accept as data_accept
from crosscut.app.api.datasets import data_diff as data_diff
from crosscut.app.api.datasets import data_pull as data_pull
from crosscut.app.api.datasets import data_revert as data_revert
from crosscut.app.api.datasets import data_status as data_status
from crosscut.app.api.datasets import data_version as data_version
from crosscut.app.api.deposits import project as project
from crosscut.app.api.deposits import projects as projects
from crosscut.app.api.documents import compare as compare
from crosscut.app.api.documents import read_result as read_result
from crosscut.app.api.documents import why as why
from crosscut.app.api.exposures import exposure as exposure
from crosscut.app.api.exposures import indicators as indicators
from crosscut.app.api.exposures import purchases as purchases
from crosscut.app.api.ledger import alarms as alarms
from crosscut.app.api.ledger import claims as claims
from crosscut.app.api.ledger import facilities as facilities
from crosscut.app.api.ledger import facts as facts
from crosscut.app.api.ledger import named as named
from crosscut.app.api.ledger import sources_beside as sources_beside
from crosscut.app.api.losses import economy as economy
from crosscut.app.api.losses import economy_template as economy_template
from crosscut.app.api.losses import stress as stress
from crosscut.app.api.losses import stress_part as stress_part
from crosscut.app.api.scoring import backtest as backtest
from crosscut.app.api.scoring import forecast as forecast
from crosscut.app.api.scoring import score_forecast as score_forecast
from crosscut.app.api.solving import batch as batch
from crosscut.app.api.solving import outlook as outlook
from crosscut.app.api.solving import outlooks as outlooks
from crosscut.app.api.solving import run as run
from crosscut.app.api.solving import scenarios as scenarios
from crosscut.app.api.solving import validate as validate
from crosscut.app.api.worlds import minerals as minerals
from crosscut.app.api.worlds import world as world
from crosscut.app.api.worlds import world_report as world_report

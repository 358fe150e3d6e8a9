"""The Python calls behind every command, one a question; each returns what `--json` prints.

A call takes the request of its question, or the fields of the request one by one. What it may be asked
with, and what it returns, is written at the request (`crosscut.studies.*.request`); refused is there too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscut.app.question import question
from crosscut.studies.backtest.request import BacktestRequest
from crosscut.studies.context import Context
from crosscut.studies.costs.request import CostsRequest
from crosscut.studies.datasets.request import (
    DataAcceptRequest,
    DataDiffRequest,
    DataPullRequest,
    DataRevertRequest,
    DataStatusRequest,
    DataVersionRequest,
)
from crosscut.studies.economy.request import EconomyRequest, EconomyTemplateRequest
from crosscut.studies.explain.request import CompareRequest, WhyRequest
from crosscut.studies.exposure.request import ExposureRequest
from crosscut.studies.facts import request as known
from crosscut.studies.feasibility.request import FeasibilityRequest
from crosscut.studies.forecast.request import ForecastRequest, ScoreForecastRequest
from crosscut.studies.indicators.request import IndicatorsRequest
from crosscut.studies.outlook.request import OutlookRequest, OutlooksRequest
from crosscut.studies.project.request import ProjectRequest, ProjectsRequest
from crosscut.studies.purchases.request import PurchasesRequest, PurchasesTemplateRequest
from crosscut.studies.scenario.request import BatchRequest, RunRequest, ScenariosRequest, ValidateRequest
from crosscut.studies.stress.request import RankingRequest, StressPartRequest, StressRequest
from crosscut.studies.world.request import MineralsRequest, WorldRequest

if TYPE_CHECKING:
    from crosscut.market.model.world import World
    from crosscut.results import Document
    from crosscut.studies.shared.batch import Batch
    from crosscut.studies.stress.ensemble.parts import SolvedPart


@question(MineralsRequest)
def minerals(request: MineralsRequest, context: Context) -> list[dict[str, str]]:
    """Every mineral known."""
    from crosscut.studies.world.study import minerals as answer

    return answer(request, context)


@question(WorldRequest)
def world(request: WorldRequest, context: Context) -> World:
    """The balanced world of a mineral in a year."""
    from crosscut.worlds import world as built_world

    return built_world(context.ledger, request.mineral, request.year)


@question(WorldRequest)
def world_report(request: WorldRequest, context: Context) -> Document:
    """What is known about a mineral in a year, on one page."""
    from crosscut.studies.world.study import world_report as answer

    return answer(request, context)


@question(known.FactsRequest)
def facts(request: known.FactsRequest, context: Context) -> list[dict[str, Any]]:
    """Facts of a mineral."""
    from crosscut.studies.facts.study import facts as answer

    return answer(request, context)


@question(known.FacilitiesRequest)
def facilities(request: known.FacilitiesRequest, context: Context) -> dict[str, Any]:
    """Every mine, deposit and plant, and who controls the world's output."""
    from crosscut.studies.facts.study import facilities as answer

    return answer(request, context)


@question(known.NamedRequest)
def named(request: known.NamedRequest, context: Context) -> dict[str, Any] | None:
    """The facility that a text names, in any script or spelling."""
    from crosscut.studies.facts.study import named as answer

    return answer(request, context)


@question(known.ClaimsRequest)
def claims(request: known.ClaimsRequest, context: Context) -> dict[str, Any]:
    """An article as a test of the ledger."""
    from crosscut.studies.facts.study import claims as answer

    return answer(request, context)


@question(known.AlarmsRequest)
def alarms(request: known.AlarmsRequest, context: Context) -> list[dict[str, Any]]:
    """What the rules of coherence find in the tables of a mineral or topic."""
    from crosscut.studies.facts.study import alarms as answer

    return answer(request, context)


@question(known.UnlikelyRequest)
def unlikely(request: known.UnlikelyRequest, context: Context) -> dict[str, Any]:
    """The flows of a mineral that matter most and look least likely, before and after repair."""
    from crosscut.studies.facts.study import unlikely as answer

    return answer(request, context)


@question(known.SourcesRequest)
def sources_beside(request: known.SourcesRequest, context: Context) -> dict[str, Any]:
    """What USGS, World Mining Data and BGS say the world makes of a mineral, side by side."""
    from crosscut.studies.facts.study import sources_beside as answer

    return answer(request, context)


@question(ExposureRequest)
def exposure(request: ExposureRequest, context: Context) -> Document:
    """How exposed a country or bloc is."""
    from crosscut.studies.exposure.study import exposure as answer

    return answer(request, context)


@question(PurchasesRequest)
def purchases(request: PurchasesRequest, context: Context) -> Document:
    """What a company's own buying is exposed to."""
    from crosscut.studies.purchases.study import purchases as answer

    return answer(request, context)


@question(PurchasesTemplateRequest)
def purchases_template(request: PurchasesTemplateRequest, context: Context) -> str:
    """A purchases file to start from."""
    from crosscut.inputs.purchases.read_purchases import TEMPLATE

    return TEMPLATE


@question(IndicatorsRequest)
def indicators(request: IndicatorsRequest, context: Context) -> Document:
    """Every published indicator of one or more minerals, for the world and for a country or bloc."""
    from crosscut.studies.indicators.study import indicators as answer

    return answer(request, context)


@question(ScenariosRequest)
def scenarios(request: ScenariosRequest, context: Context) -> list[dict[str, str]]:
    """The bundled scenarios."""
    from crosscut.studies.scenario.study import scenarios as answer

    return answer(request, context)


@question(OutlooksRequest)
def outlooks(request: OutlooksRequest, context: Context) -> list[dict[str, str]]:
    """The bundled outlooks."""
    from crosscut.studies.outlook.study import outlooks as answer

    return answer(request, context)


@question(ValidateRequest)
def validate(request: ValidateRequest, context: Context) -> list[str]:
    """Checks a scenario or outlook, bundled or a file, against its format and its world."""
    from crosscut.studies.outlook.study import validate as answer

    return answer(request, context)


@question(RunRequest)
def run(request: RunRequest, context: Context) -> Document:
    """Solves a scenario (bundled name or file)."""
    from crosscut.studies.scenario.study import run as answer

    return answer(request, context)


@question(BatchRequest)
def batch(request: BatchRequest, context: Context) -> Batch:
    """Solves a scenario for thousands of draws."""
    from crosscut.studies.scenario.study import batch as answer

    return answer(request, context)


@question(OutlookRequest)
def outlook(request: OutlookRequest, context: Context) -> Document:
    """Solves an outlook (bundled name or file) year by year."""
    from crosscut.studies.outlook.study import outlook as answer

    return answer(request, context)


@question(CompareRequest)
def compare(request: CompareRequest, context: Context) -> Document:
    """What differs between two results, largest first."""
    from crosscut.studies.explain.study import compare as answer

    return answer(request, context)


@question(WhyRequest)
def why(request: WhyRequest, context: Context) -> dict[str, Any]:
    """Where the numbers of a result come from."""
    from crosscut.studies.explain.study import why as answer

    return answer(request, context)


@question(ProjectsRequest)
def projects(request: ProjectsRequest, context: Context) -> list[dict[str, str]]:
    """The bundled projects."""
    from crosscut.studies.coupled.study import projects as answer

    return answer(request, context)


@question(ProjectRequest)
def project(request: ProjectRequest, context: Context) -> Document:
    """Values a project (bundled name or file)."""
    from crosscut.studies.coupled.study import valued

    found = valued(request, context)
    if request.spreadsheet is not None:
        from crosscut.output.workbook import workbook_of, write_workbook
        from crosscut.studies.project.middle_case import middle_case

        case = middle_case(found.source, found.prices)
        book = workbook_of(
            case.valuation, case.title, case.money, study=case.study, assumptions=case.assumptions
        )
        write_workbook(book, request.spreadsheet)
    return found.document


@question(CostsRequest)
def costs(request: CostsRequest, context: Context) -> Document:
    """The cost curve of tungsten, with every bundled deposit on it."""
    from crosscut.studies.costs.study import costs as answer

    return answer(request, context)


@question(FeasibilityRequest)
def feasibility(request: FeasibilityRequest, context: Context) -> Document:
    """Published feasibility studies of tungsten deposits, rebuilt."""
    from crosscut.studies.feasibility.study import feasibility as answer

    return answer(request, context)


@question(EconomyRequest)
def economy(request: EconomyRequest, context: Context) -> Document:
    """Value added at risk in an economy."""
    from crosscut.studies.economy.study import economy as answer
    from crosscut.studies.shared.cited_facts import document_in

    path = request.shortage.result
    result = None if path is None else document_in(context.ledger, path)
    return answer(request, context, result)


@question(EconomyTemplateRequest)
def economy_template(request: EconomyTemplateRequest, context: Context) -> str:
    """A file of uses to fill in."""
    from crosscut.studies.economy.study import economy_template as answer
    from crosscut.studies.shared.cited_facts import document_in

    path = request.result
    result = None if path is None else document_in(context.ledger, path)
    return answer(request, result)


@question(StressRequest)
def stress(request: StressRequest, context: Context) -> Document:
    """How bad it can get for a country."""
    from crosscut.studies.stress.study import stress as answer

    return answer(request, context)


@question(StressPartRequest)
def stress_part(request: StressPartRequest, context: Context) -> SolvedPart:
    """One part of a stress test, for machines that know nothing of each other."""
    from crosscut.studies.stress.study import stress_part as answer

    return answer(request, context)


@question(RankingRequest)
def ranking(request: RankingRequest, context: Context) -> Document:
    """Which mineral could cost a country most."""
    from crosscut.studies.stress.ranking import ranking as answer

    return answer(request, context)


@question(BacktestRequest)
def backtest(request: BacktestRequest, context: Context) -> Document:
    """The market scored on real disruptions."""
    from crosscut.studies.backtest.study import backtest as answer

    return answer(request, context)


@question(ForecastRequest)
def forecast(request: ForecastRequest, context: Context) -> Document:
    """What the measures in force will do, in the terms of the backtest, dated and sealed."""
    from crosscut.studies.forecast.study import forecast as answer

    return answer(request, context)


@question(ScoreForecastRequest)
def score_forecast(request: ScoreForecastRequest, context: Context) -> Document:
    """A file of forecasts scored against outcomes (CSV."""
    from crosscut.studies.forecast.study import score_forecast as answer

    return answer(request, context)


@question(DataStatusRequest)
def data_status(request: DataStatusRequest, context: Context) -> dict[str, Any]:
    """What is in use of every dataset, how old it is, and what was pulled."""
    from crosscut.studies.datasets.study import data_status as answer

    return answer(request, context)


@question(DataPullRequest)
def data_pull(request: DataPullRequest, context: Context) -> list[dict[str, Any]]:
    """Fetches a source and stages it, or every source that needs no key; nothing is used until accepted."""
    from crosscut.studies.datasets.study import data_pull as answer

    return answer(request, context)


@question(DataDiffRequest)
def data_diff(request: DataDiffRequest, context: Context) -> dict[str, Any]:
    """What the staged version of a source changes."""
    from crosscut.studies.datasets.study import data_diff as answer

    return answer(request, context)


@question(DataAcceptRequest)
def data_accept(request: DataAcceptRequest, context: Context) -> dict[str, Any]:
    """Puts the staged version of a source into use, for every process that starts from now on."""
    from crosscut.studies.datasets.study import data_accept as answer

    return answer(request, context)


@question(DataRevertRequest)
def data_revert(request: DataRevertRequest, context: Context) -> dict[str, Any]:
    """Takes the version in use out of use."""
    from crosscut.studies.datasets.study import data_revert as answer

    return answer(request, context)


@question(DataVersionRequest)
def data_version(request: DataVersionRequest, context: Context) -> str:
    """One hash over the reference data in use."""
    return context.data.version


def read_result(path: str | Path) -> Document:
    """The document in a file, with what the ledger in use says of the facts it names.

    Parameters
    ----------
    path
        A result.json, written by `--out`, `--json` or `Document.save`.

    Raises
    ------
    UserError
        The file is missing, not JSON, or not a result.
    """
    from crosscut.app.opening import open_context
    from crosscut.studies.shared.cited_facts import document_in

    return document_in(open_context().ledger, path)

"""Profiles: the fast tier by default, more examples under HYPOTHESIS_PROFILE=soak; and what was left out."""

import os
from typing import Any

# As the command line does, and before numpy is loaded: small matrices, shared cores.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from hypothesis import HealthCheck, settings  # noqa: E402

settings.register_profile("fast", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "soak", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tests that need a browser and did not run are no detail: green would mean a page looked at."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if report.nodeid.startswith("tests/output/") and "on this machine" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("THE PAGE WAS NOT LOOKED AT", sep="!", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(skipped)} browser tests were skipped: {skipped[0].longrepr[2]}", red=True, bold=True
        )

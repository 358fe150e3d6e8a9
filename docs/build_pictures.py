"""Takes the pictures of the README from a real run in a real browser. Run: python docs/build_pictures.py

Needs Chromium and chromedriver. Whoever changes the world or the market runs it and looks at what comes out.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.output.browser import Browser, missing_browser  # noqa: E402

from crosscut.app import api  # noqa: E402

WIDTH = 1200
PICTURES = {  # name: (section, most pixels of it)
    "report-prices": ("prices", 640),
    "report-steps": ("steps", 645),
    "report-flows": ("flows", 785),
}


def main() -> None:
    """Writes docs/images/NAME.png for every picture."""
    if missing_browser():
        sys.exit(f"pictures: {missing_browser()}")
    result = api.run("china-controls-2025")
    with tempfile.TemporaryDirectory() as name, Browser() as b:
        report = result.save(Path(name))[0]
        b.look(WIDTH)
        b.open(report)
        for picture, (section, most) in PICTURES.items():
            top, height = b.run(
                f"const r = document.getElementById('{section}').getBoundingClientRect(); "
                "return [r.top + scrollY, r.height]"
            )
            path = ROOT / "docs" / "images" / f"{picture}.png"
            b.picture(path, y=int(top), height=min(int(height), most))
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()

from __future__ import annotations

import sys
from pathlib import Path

# Workers import what they are told to run by name.
sys.path.insert(0, str(Path(__file__).parent))

"""robotrader from Python: journals, stores, features and back-tests, with the words of the C++ and by the same code.

Tables speak the Arrow PyCapsule interface: pyarrow, polars, pandas and duckdb take them without a copy.
"""

from robotrader._core import (
    Feature,
    FeatureSeries,
    FeatureStore,
    Journal,
    JournalRecord,
    LiveBatch,
    Report,
    Store,
    Table,
    __version__,
    backtest,
    check_settings,
    compute,
    features,
    journals,
)
from robotrader._errors import ConfigError, DataError, Error, InternalError

__all__ = [
    "ConfigError",
    "DataError",
    "Error",
    "Feature",
    "FeatureSeries",
    "FeatureStore",
    "InternalError",
    "Journal",
    "JournalRecord",
    "LiveBatch",
    "Report",
    "Store",
    "Table",
    "__version__",
    "backtest",
    "check_settings",
    "compute",
    "features",
    "journals",
]

"""The version of the package, in one place that names nothing else."""

__version__ = "0.1.0"

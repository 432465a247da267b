"""What goes wrong, by kind. A file that is not there is Python's own FileNotFoundError, a wrong word its ValueError."""


class Error(Exception):
    """Everything robotrader raises by itself."""


class ConfigError(Error, ValueError):
    """Settings that cannot be used. `problems` holds every one of them, each as "file:line: key: what"."""

    problems: list[str] = []


class DataError(Error, ValueError):
    """A file or a table that is damaged or of another shape; the message names the file, line or column."""


class InternalError(Error):
    """A belief of robotrader about itself was wrong: a bug of ours."""

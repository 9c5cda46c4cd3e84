"""Every error a user can cause, in one tree. Each message is one sentence that names the thing and the remedy.

DixitError
├── UnreadableFile     a file that gives no text; costs its own entry, never the run
├── ModelError         a model that cannot be found or loaded
├── StoreError         the index is missing, cannot be written, or is being written by somebody else
│   ├── NothingIndexed it was never made
│   ├── DamagedStore   what its database holds cannot be read
│   └── OtherVersion   it was made by another version of Dixit
└── SettingError       a path, option or input that makes no sense
"""


class DixitError(Exception):
    """Base of all errors shown to a user as one sentence, without a traceback."""


class UnreadableFile(DixitError):
    """A file that cannot be read as text. The message is the reason; the file's name is added by the caller."""


class ModelError(DixitError):
    """The encoder's model cannot be found, loaded or trusted."""


class StoreError(DixitError):
    """The index cannot be opened or written."""


class NothingIndexed(StoreError):
    """There is no index yet."""


class DamagedStore(StoreError):
    """The index's own file is damaged: its documents have to be read again."""


class OtherVersion(StoreError):
    """The index was made by another version of Dixit: it has to be made again before it can be asked."""


class SettingError(DixitError):
    """A path, an option or an input file that cannot be used as given."""

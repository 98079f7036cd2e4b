"""Why a source cannot be read: permanent answers, under which nothing that was synced may be removed.

    DepotError
    └── SourceUnavailable
        ├── SourceNotFound     deleted, or out of the installation's reach: GitHub answers both alike
        ├── BranchMissing      the repository is there, the branch is not
        ├── SourceEmpty        a repository without a commit
        ├── SourceForbidden    suspended, or a permission is missing
        └── SourceTooBig       an answer beyond what one call may bring

What may pass by itself is `Retryable` or `RateLimited` instead.
"""

from shared.domain.errors import DepotError


class SourceUnavailable(DepotError):
    code = "source_unavailable"


class SourceNotFound(SourceUnavailable):
    code = "source_not_found"


class BranchMissing(SourceUnavailable):
    code = "branch_missing"


class SourceEmpty(SourceUnavailable):
    code = "source_empty"


class SourceForbidden(SourceUnavailable):
    code = "source_forbidden"


class SourceTooBig(SourceUnavailable):
    code = "source_too_big"

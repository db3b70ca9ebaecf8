"""What the system administrator did to things that run: never promised in a plan, always on record."""

from xinglin.kernel.facts import Fact, Vocabulary, states
from xinglin.kernel.refs import Ref


@states("operations.job.stopped", Vocabulary(zh="后台作业已叫停", en="Job stopped", countable=False))
class JobStopped(Fact):
    """The system administrator stopped a job that somebody had started."""

    job: Ref
    owner: Ref


@states("operations.letters.requeued", Vocabulary(zh="未送达的信已重发", en="Letters sent again", countable=False))
class LettersRequeued(Fact):
    """The system administrator gave undelivered letters a new start."""

    letters: int

"""What can be refused about written questions."""

from backend.kernel.errors import Conflict, DomainError, Forbidden


class QuestionClosed(Conflict):
    """Nothing can be added, and it can be closed no more."""

    code = "question_closed"


class QuestionAnswered(Conflict):
    """Somebody else answered first."""

    code = "question_answered"


class QuestionNotYours(Forbidden):
    """What was asked is for others to do: to close, or to answer."""

    code = "question_not_yours"


class TooManyQuestions(DomainError):
    """So many of the person's questions wait for an answer already."""

    code = "too_many_questions"


class ThreadTooLong(DomainError):
    """A matter that needs so many words is better met about."""

    code = "question_thread_too_long"


class QuestionRatingClosed(Conflict):
    """Not answered yet, or too long ago."""

    code = "question_rating_closed"

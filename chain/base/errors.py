"""Three errors, three handlers: not there, not yours, not like that."""


class NotFound(Exception):
    """What was asked for is not there, or must not be known to be there. Shown as 404."""


class NotAllowed(Exception):
    """It may be read but not done. Shown as 403 with the sentence; as 404 to whoever may not read it."""


class RuleBroken(Exception):
    """A rule says no. Carries the sentence, in the reader's language, that says what is wrong and what to do.

    `problems` holds one sentence per field or section when there are several: {name: sentence}.
    Shown as 409, or at the form as 422.
    """

    def __init__(self, sentence: str, problems: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.problems = problems or {}

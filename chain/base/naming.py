"""What in a text looks like a person. Rules alone: a text in, what was found out."""

import re

PERSONAL_NUMBER = re.compile(r"\b(?:19|20)?\d{6}[-+ ]?\d{4}\b")

"""What a command tells its user when it cannot go on."""


class Problem(Exception):  # noqa: N818 - it is printed under this name's meaning, not as an error of the program
    """Something the user can do something about.

    `what` says what is wrong, `remedy` what to do about it. The command line prints both and exits with 1.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

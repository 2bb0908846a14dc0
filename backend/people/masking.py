"""What is shown of personal data to someone who need not know all of it. Pure."""


def phone(number: str) -> str:
    """``13812345678`` → ``138****5678``; ``0857-6223456`` → ``0857-***3456``."""
    area, dash, local = number.rpartition("-")
    shown = area + dash if dash else local[:3]
    hidden = len(local) - 4 - (0 if dash else 3)
    return f"{shown}{'*' * hidden}{local[-4:]}"


def id_number(number: str) -> str:
    """``11010519491231002X`` → ``1****************X``: neither place nor birth date is left."""
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}"

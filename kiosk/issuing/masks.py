"""How a person is named where others can see: masked number, short name. And whether a number can be one."""

from __future__ import annotations

from offline_cache.contract.national_ids import NationalId, Scheme

CPF_DIGITS = 11
# Words of a name that stand for nothing alone.
PARTICLES = frozenset({"da", "das", "de", "del", "della", "di", "do", "dos", "du", "e", "la", "las", "los", "y"})


def digits(text: str) -> str:
    """Only the digits of what was typed."""
    return "".join(character for character in text if character.isascii() and character.isdigit())


def is_national_id(text: str) -> bool:
    """True for a CPF whose check digits fit, with or without punctuation; one repeated digit is nobody's CPF."""
    from stdnum.br import cpf

    number = digits(text)
    return len(number) == CPF_DIGITS and len(set(number)) > 1 and cpf.is_valid(number)


def mask_cpf(number: str) -> str:
    """***.456.789-** for 12345678909. ValueError unless it has 11 digits."""
    plain = digits(number)
    if len(plain) != CPF_DIGITS:
        raise ValueError("a CPF has 11 digits")
    return f"***.{plain[3:6]}.{plain[6:9]}-**"


def mask(number: NationalId) -> str:
    """A CPF as everybody knows it masked; of any other number, the last three characters alone."""
    return mask_cpf(number.value) if number.scheme is Scheme.CPF else last_three(number.value)


def last_three(text: str) -> str:
    """Of a number whose kind nobody wrote down: enough to know it again, no more."""
    return "*" * (len(text) - 3) + text[-3:]


def short_name(name: str) -> str:
    """For the screen: `Rosa D.` for Rosa dos Dias Lima."""
    return _initialled(name, 1)


def paper_name(name: str) -> str:
    """For paper: `Rosa D. L.` for Rosa dos Dias Lima, every later name as its initial."""
    return _initialled(name, None)


def _initialled(name: str, initials: int | None) -> str:
    words = name.split()
    if not words:
        return ""
    later = [word for word in words[1:] if word.lower() not in PARTICLES]
    # A card writes names in capitals; a person is not shouted at.
    first = words[0].capitalize() if words[0].isupper() else words[0]
    return " ".join([first, *(f"{word[0].upper()}." for word in later[:initials])])

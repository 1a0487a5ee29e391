"""Text in lines: at words where there are any, in the middle of those that are too long."""

from __future__ import annotations


def wrap(text: str, columns: int) -> list[str]:
    """`text` in lines of at most `columns` characters; at least one line. Newlines in the text are kept."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            rest = word
            if line and len(line) + 1 + len(rest) <= columns:
                line += " " + rest
                continue
            if line:
                lines.append(line)
            while len(rest) > columns:
                lines.append(rest[:columns])
                rest = rest[columns:]
            line = rest
        lines.append(line)
    return lines

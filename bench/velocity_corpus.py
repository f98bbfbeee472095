"""How many templates of a directory the reader understands, and where it does not; they are read there and copied nowhere.

    .venv/bin/python bench/velocity_corpus.py node_modules/aws-cdk-lib [more directories]

Whole files `*.vtl`; in JavaScript, TypeScript, Markdown, JSON and YAML whatever string or fenced block holds `$input`, `$context`,
`$util` or `#set(`, and parses as one template. A placeholder `%NAME%` is what a generator fills in: `true` stands for it.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from auditor.dataflow.velocity.read import read  # noqa: E402 - the checkout is put on the path first

_SIGN = re.compile(r"\$!?\{?(?:input|context|util|stageVariables)\b(?!\.\w+\s*=>)|#set\s*\(")
_PLACEHOLDER = re.compile(r"%[A-Z_]+%")
_FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_STRING = re.compile(r"""'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`""")
_LONGEST = 20_000
_SCRIPTS = {".js", ".ts", ".md"}


def templates(path: Path) -> Iterator[str]:
    """Yield what looks like a template in a file."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".vtl":
        yield _PLACEHOLDER.sub("true", text)
    elif path.suffix in _SCRIPTS and _SIGN.search(text):
        for found in _STRING.finditer(text):
            held = next(each for each in found.groups() if each is not None)
            if _SIGN.search(held) and len(held) < _LONGEST:
                yield re.sub(r"\\(['\"`\\])", r"\1", held.replace("\\n", "\n"))
    elif path.suffix == ".txt":
        yield text


def main() -> None:
    """Print the count, and each template that is not understood with its place."""
    files = sorted(path for each in sys.argv[1:] for path in Path(each).rglob("*") if path.is_file())
    seen: dict[str, Path] = {}
    for path in files:
        if path.suffix in _SCRIPTS | {".vtl", ".txt"}:
            for text in templates(path):
                seen.setdefault(text, path)
    bands = Counter(str(read(text).band) for text in seen)
    strange = {text: path for text, path in seen.items() if read(text).troubles}
    for text, path in strange.items():
        trouble = read(text).troubles[0]
        print(f"{path}: {trouble.what} at {trouble.at}: {text[:100]!r}")
    fitting = sum(read(text).fits for text in seen)
    print(
        f"{len(seen)} templates, {len(seen) - len(strange)} understood, {fitting} fit in a sentence; {dict(sorted(bands.items()))}"
    )


if __name__ == "__main__":
    main()

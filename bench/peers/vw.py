#!/usr/bin/env python3
"""Play the class sets of the choice suite with VowpalWabbit, as bench/run --peers asks for.

Usage: vw.py --out FILE [--profile quick|full] [--data DIR]... [--csv FILE] [--case REGEX]

The same rows in the same orders as hunch-bench choice: NAME.csv, plain, .zst or .gz, in each DIR or
its folder choice/, the first 20,000 rows, as they come and in four more orders (quick: as they come,
small sets alone). Writes one JSON object: {"peer": ..., "rows": [{"case", "impl", "value", "q1",
"q3", "reps", "n"}]}, values being progressive 0/1 losses. Needs the PyPI packages vowpalwabbit and
zstandard. Exit 0: done, 2: wrong use, 3: a package or a file is missing.
"""

import argparse
import csv
import gzip
import io
import json
import multiprocessing
import os
import re
import statistics
import sys
import tempfile

ROWS_MAX = 20000
SHUFFLES = {"quick": 1, "full": 5}

SETS = ["letter", "pendigits", "satimage", "shuttle", "mushroom", "adult", "nursery", "krkopt",
        "spambase", "yeast", "segment", "waveform5000", "splice", "winequality_white", "magic04",
        "car", "vowel", "digits", "hpc_jobs", "page_blocks"]
QUICK_SETS = ["yeast", "segment", "car", "vowel", "digits"]

# The best single configuration over the 20 sets first; then a sweep of what matters most to it, and
# the best of the linear ones. Costs are -1 for the right class and 0 for any other.
COMMON = "--cb_type mtr --loss0 -1 --loss1 0 --quiet --random_seed 1"
CONFIGURATIONS = {
    "vw-greedy-ff-0.5": "--cb_explore_adf --epsilon 0 -q ff -l 0.5",
    "vw-greedy-ff-0.15": "--cb_explore_adf --epsilon 0 -q ff -l 0.15",
    "vw-greedy-ff-1.5": "--cb_explore_adf --epsilon 0 -q ff -l 1.5",
    "vw-greedy-3": "--cb_explore_adf --epsilon 0 -l 3",
    "vw-squarecb-1.5": "--cb_explore_adf --squarecb -l 1.5",
    "vw-epsilon-1.5": "--cb_explore_adf --epsilon 0.02 -l 1.5",
}
MASK = (1 << 64) - 1


def main(argv):
    options = read_options(argv)
    try:
        import vowpalwabbit
    except ImportError:
        print("vw.py: no module vowpalwabbit: pip install vowpalwabbit zstandard", file=sys.stderr)
        return 3
    files = [options.csv] if options.csv else find_sets(options)
    rows = []
    with tempfile.TemporaryDirectory() as folder, multiprocessing.Pool() as pool:
        for path in files:
            rows += play_set(path, options, folder, pool)
    with open(options.out, "w", encoding="utf-8") as out:
        json.dump({"peer": f"vowpalwabbit {vowpalwabbit.__version__}", "rows": rows}, out, indent=1)
        out.write("\n")
    return 0


def read_options(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--profile", choices=sorted(SHUFFLES), default="quick")
    parser.add_argument("--data", action="append", default=[])
    parser.add_argument("--csv")
    parser.add_argument("--case", default="")
    return parser.parse_args(argv)


def find_sets(options):
    found = []
    for name in SETS if options.profile == "full" else QUICK_SETS:
        if not re.search(options.case, f"csv/{name}"):
            continue
        path = find_set(name, options.data)
        if path:
            found.append(path)
        else:
            print(f"vw.py: no rows of {name}", file=sys.stderr)
    return found


def find_set(name, folders):
    for folder in folders:
        for place in (folder, os.path.join(folder, "choice")):
            for suffix in ("", ".zst", ".gz"):
                path = os.path.join(place, name + ".csv" + suffix)
                if os.path.isfile(path):
                    return path
    return None


def play_set(path, options, folder, pool):
    name = os.path.basename(path).split(".")[0]
    examples, classes = read_examples(path, 0 if options.csv else ROWS_MAX)
    shuffles = SHUFFLES[options.profile]
    files = []
    for shuffle in range(shuffles):
        files.append(os.path.join(folder, f"{name}-{shuffle}.vw"))
        with open(files[-1], "w", encoding="utf-8") as out:
            out.writelines(examples[i] for i in order(len(examples), shuffle))
    jobs = [(config, file, classes) for config in CONFIGURATIONS.values() for file in files]
    losses = pool.map(play, jobs, chunksize=1)
    rows = []
    for i, impl in enumerate(CONFIGURATIONS):
        q1, median, q3 = quartiles(losses[i * shuffles:(i + 1) * shuffles])
        rows.append({"case": f"csv/{name}", "impl": impl, "value": median, "q1": q1, "q3": q3,
                     "reps": shuffles, "n": len(examples)})
    for file in files:
        os.remove(file)
    print(f"vw.py: {name}", file=sys.stderr)
    return rows


def play(job):
    """The progressive loss of one configuration over one file."""
    import vowpalwabbit
    config, file, classes = job
    workspace = vowpalwabbit.Workspace(f"--cbify {classes} {COMMON} {config} -d {file}")
    loss = workspace.get_sum_loss() / workspace.get_weighted_examples()
    workspace.finish()
    return loss


def read_examples(path, limit):
    """Lines of VowpalWabbit, and how many classes there are."""
    examples, classes = [], 0
    with open_text(path) as text:
        reader = csv.reader(text)
        header = next(reader)
        if not header or header[-1] != "y":
            sys.exit(f"vw.py: {path}: line 1: expected columns n*, c* and y")
        for row in reader:
            if limit and len(examples) == limit:
                break
            y = int(row[-1])
            classes = max(classes, y + 1)
            features = (feature(column, value) for column, value in zip(header[:-1], row) if value)
            examples.append(f"{y + 1} |f {' '.join(features)}\n")
    return examples, classes


def feature(column, value):
    return f"{column}:{value}" if column.startswith("n") else f"{column}={value}"


def open_text(path):
    if path.endswith(".zst"):
        import zstandard
        return io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(open(path, "rb")))
    if path.endswith(".gz"):
        return gzip.open(path, "rt")
    return open(path, encoding="utf-8")


def order(n, shuffle):
    """The rows in the shuffle of that number: protocol_order() of bench/choice/protocol.c."""
    rows, state = list(range(n)), shuffle
    for i in range(n - 1, 0, -1) if shuffle else ():
        state = (state + 0x9E3779B97F4A7C15) & MASK
        other = (mix(state) * (i + 1)) >> 64
        rows[i], rows[other] = rows[other], rows[i]
    return rows


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def quartiles(values):
    if len(values) == 1:
        return values[0], values[0], values[0]
    return statistics.quantiles(values, n=4, method="inclusive")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
